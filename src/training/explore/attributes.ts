import type { InstanceRecord } from "../dataset/instance-record.ts";
import { CategoryTally, type Distribution, type Frequencies, NumberTally } from "./tally.ts";

/** What is looked at of every image: the fifteen technical attributes of the reference baseline, and what else tells scanners apart. */
const CATEGORIES: Record<string, (record: InstanceRecord) => string | number | null> = {
  orientation: ({ orientation }) =>
    orientation?.map((cosine) => cosine.toFixed(2).replace("-0.00", "0.00")).join(" ") ?? null,
  samplesPerPixel: ({ samplesPerPixel }) => samplesPerPixel,
  photometric: ({ photometric }) => photometric,
  rows: ({ rows }) => rows,
  columns: ({ columns }) => columns,
  bitsAllocated: ({ bitsAllocated }) => bitsAllocated,
  bitsStored: ({ bitsStored }) => bitsStored,
  highBit: ({ highBit }) => highBit,
  pixelRepresentation: ({ pixelRepresentation }) =>
    pixelRepresentation === null ? null : pixelRepresentation === 1 ? "signed" : "unsigned",
  windows: ({ window }) => window.map(([center, width]) => `${center}/${width}`).join(" and ") || null,
  rescale: ({ rescale }) =>
    rescale && `${rescale.slope} x ${rescale.intercept < 0 ? "-" : "+"} ${Math.abs(rescale.intercept)}`,
  transferSyntax: ({ transferSyntax }) => transferSyntax,
  modality: ({ modality }) => modality,
  manufacturer: ({ manufacturer }) => manufacturer,
  scanner: ({ manufacturer, scanner }) => [manufacturer, scanner].filter((text) => text !== "").join(" ") || null,
  kernel: ({ kernel }) => kernel,
  kvp: ({ kvp }) => kvp,
  sex: ({ sex }) => sex,
  studyYear: ({ studyDate }) => studyDate.slice(0, 4),
};

interface NumberAttribute {
  /** To which it is told apart. */
  step: number;
  read(record: InstanceRecord): number | null;
}

const NUMBERS: Record<string, NumberAttribute> = {
  positionX: { step: 1, read: ({ position }) => position?.[0] ?? null },
  positionY: { step: 1, read: ({ position }) => position?.[1] ?? null },
  positionZ: { step: 1, read: ({ position }) => position?.[2] ?? null },
  rowSpacingMm: { step: 0.005, read: ({ spacing }) => spacing?.[0] ?? null },
  columnSpacingMm: { step: 0.005, read: ({ spacing }) => spacing?.[1] ?? null },
  windowCenterHu: { step: 1, read: ({ window }) => window[0]?.[0] ?? null },
  windowWidthHu: { step: 1, read: ({ window }) => window[0]?.[1] ?? null },
  rescaleIntercept: { step: 1, read: ({ rescale }) => rescale?.intercept ?? null },
  rescaleSlope: { step: 0.001, read: ({ rescale }) => rescale?.slope ?? null },
  thicknessMm: { step: 0.1, read: ({ thickness }) => thickness },
  ageYears: { step: 1, read: ({ age }) => yearsOf(age) },
};

/** Patient's Age (PS3.5 6.2, AS). */
function yearsOf(age: string): number | null {
  const [, number = "", unit = ""] = /^(\d{3})([DWMY])$/.exec(age) ?? [];
  const perYear = { D: 365.25, W: 52.18, M: 12, Y: 1 }[unit];
  return perYear === undefined ? null : Number(number) / perYear;
}

export type AttributeSummary = Frequencies | Distribution;

/** Counts the values of all attributes over any number of images. */
export class AttributeSurvey {
  readonly #categories = Object.entries(CATEGORIES).map(([name, read]) => ({ name, read, tally: new CategoryTally() }));
  readonly #numbers = Object.entries(NUMBERS).map(([name, { step, read }]) => ({
    name,
    read,
    tally: new NumberTally(step),
  }));

  add(record: InstanceRecord): void {
    for (const { read, tally } of this.#categories) tally.add(read(record)?.toString() ?? null);
    for (const { read, tally } of this.#numbers) tally.add(read(record));
  }

  summary(): Record<string, AttributeSummary> {
    return Object.fromEntries(
      [...this.#categories, ...this.#numbers].map(({ name, tally }) => [name, tally.summary()]),
    );
  }
}

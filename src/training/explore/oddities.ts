import { dot, sliceNormal } from "../../dicom/geometry.ts";
import { type InstanceRecord, instanceKey } from "../dataset/instance-record.ts";

export interface Oddity {
  code: string;
  /** What it is and why it matters. */
  text: string;
  count: number;
  /** Keys of images, or of series and studies where it is about these. */
  examples: string[];
}

const MOST_EXAMPLES = 5;
const AXIAL_COSINE = 0.7;
const SPACING_MM = [0.3, 0.8] as const;
const MOST_THICKNESS_MM = 6;
const LEAST_SLICES = 8;
const LOSSY = /^1\.2\.840\.10008\.1\.2\.4\.(50|51|81|91|203)$/;

/** What an image may have that most have not. */
const OF_AN_IMAGE: Record<string, { text: string; is(record: InstanceRecord): boolean }> = {
  unreadable: { text: "pixels cannot be used; left out of training", is: ({ problem }) => problem !== null },
  "modality-other": { text: "not CT", is: ({ modality }) => modality !== "CT" },
  "window-several": {
    text: "several different windows; the first one counts",
    is: ({ window }) => new Set(window.map(String)).size > 1,
  },
  "window-missing": { text: "no window of its own", is: ({ window }) => window.length === 0 },
  "rescale-missing": { text: "no Rescale Slope or Intercept: values are no HU", is: ({ rescale }) => rescale === null },
  "rescale-slope": { text: "Rescale Slope is not 1", is: ({ rescale }) => rescale !== null && rescale.slope !== 1 },
  "rescale-intercept": {
    text: "Rescale Intercept is not -1024",
    is: ({ rescale }) => rescale !== null && rescale.intercept !== -1024,
  },
  "values-wrapped": {
    text: "12 bits unsigned with an intercept above -100: stored 1000 too high and wrapped; undone when read",
    is: ({ bitsStored, pixelRepresentation, rescale }) =>
      bitsStored === 12 && pixelRepresentation === 0 && rescale !== null && rescale.intercept > -100,
  },
  "bits-other": { text: "not 16 bits allocated", is: ({ bitsAllocated }) => bitsAllocated !== 16 },
  "photometric-other": { text: "not MONOCHROME2", is: ({ photometric }) => photometric !== "MONOCHROME2" },
  "size-other": { text: "not 512 x 512 pixels", is: ({ rows, columns }) => rows !== 512 || columns !== 512 },
  "spacing-missing": { text: "no Pixel Spacing", is: ({ spacing }) => spacing === null },
  "spacing-extreme": {
    text: `Pixel Spacing below ${SPACING_MM[0]} or above ${SPACING_MM[1]} mm`,
    is: ({ spacing }) => spacing?.some((mm) => mm < SPACING_MM[0] || mm > SPACING_MM[1]) ?? false,
  },
  "spacing-not-square": {
    text: "pixels are not square",
    is: ({ spacing }) => spacing !== null && spacing[0] !== spacing[1],
  },
  "position-missing": { text: "no position: the order of slices is not known", is: ({ z }) => z === null },
  "not-axial": { text: "not axial", is: ({ orientation }) => orientation !== null && !isAxial(orientation) },
  "slice-thick": {
    text: `thicker than ${MOST_THICKNESS_MM} mm`,
    is: ({ thickness }) => thickness !== null && thickness > MOST_THICKNESS_MM,
  },
  lossy: { text: "compressed with loss", is: ({ transferSyntax }) => LOSSY.test(transferSyntax) },
};

function isAxial(orientation: number[]): boolean {
  return Math.abs(dot(sliceNormal(orientation as Parameters<typeof sliceNormal>[0]), [0, 0, 1])) >= AXIAL_COSINE;
}

/** What a series may have. Its images come in the order of z. */
const OF_A_SERIES: Record<string, { text: string; is(images: InstanceRecord[]): boolean }> = {
  "series-short": { text: `series of fewer than ${LEAST_SLICES} images`, is: ({ length }) => length < LEAST_SLICES },
  "position-repeated": {
    text: "series with several images at one position",
    is: (images) => stepsOf(images).some((mm) => mm < 0.01),
  },
  "gap-uneven": {
    text: "series with slices missing or uneven: the widest step is over 1.5 times the usual one",
    is: (images) => {
      const steps = stepsOf(images).sort((a, b) => a - b);
      return steps.length > 0 && steps.at(-1)! > 1.5 * Math.max(0.01, steps[steps.length >> 1]!);
    },
  },
  "size-changes": {
    text: "series whose images differ in size",
    is: (images) => new Set(images.map(({ rows, columns }) => `${rows}x${columns}`)).size > 1,
  },
  "spacing-changes": {
    text: "series whose images differ in Pixel Spacing",
    is: (images) => new Set(images.map(({ spacing }) => String(spacing))).size > 1,
  },
};

/** Between neighbours, in mm; [] where a position is missing. */
function stepsOf(images: InstanceRecord[]): number[] {
  if (images.some(({ z }) => z === null)) return [];
  return images.slice(1).map(({ z }, i) => z! - images[i]!.z!);
}

/** Counts oddities and keeps examples of each. */
export class OddityList {
  readonly #found = new Map<string, Oddity>();

  addImages(images: InstanceRecord[]): void {
    for (const image of images) {
      for (const [code, { text, is }] of Object.entries(OF_AN_IMAGE))
        if (is(image)) this.add(code, text, instanceKey(image));
    }
    for (const [series, members] of Map.groupBy(images, ({ series }) => series)) {
      for (const [code, { text, is }] of Object.entries(OF_A_SERIES)) if (is(members)) this.add(code, text, series);
    }
  }

  add(code: string, text: string, example: string): void {
    const oddity = this.#found.get(code) ?? { code, text, count: 0, examples: [] };
    this.#found.set(code, oddity);
    oddity.count++;
    if (oddity.examples.length < MOST_EXAMPLES) oddity.examples.push(example);
  }

  /** The most frequent first. */
  list(): Oddity[] {
    return [...this.#found.values()].sort((a, b) => b.count - a.count);
  }
}

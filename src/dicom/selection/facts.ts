import { dot, isAxial, median, sliceNormal, type Vector } from "../geometry.ts";
import type { InstanceHeader } from "../source.ts";
import { SAME_PLACE_MM } from "../spacing.ts";
import { agentGiven, contrastIn } from "./contrast.ts";
import { type KernelKind, kernelKind } from "./kernel.ts";
import { type ScanFacts, scanFacts } from "./scan.ts";
import { type BodyRegion, bodyRegionOf, namesLocalizer } from "./words.ts";

/**
 * What the selection rules look at: one series, boiled down from the headers of its images. A stray object (a screen
 * save, a page without position, a localizer) does not speak for the series: its largest group of like images does.
 */
export interface SeriesFacts {
  seriesInstanceUid: string;
  /** An image that stands for the series. */
  header: InstanceHeader;
  /** DICOM objects, by SOP Instance UID. */
  instances: number;
  /** Images of the largest group; frames of multi-frame objects count one by one. */
  images: number;
  /** Images outside of it. */
  setAside: number;
  /** Of the largest group. "unknown": without position or orientation. */
  plane: Plane;
  /** Axial images of any group. */
  axialImages: number;
  /** Different places of the axial images. */
  places: number;
  /** Share of the axial images that lie where another one lies already: several phases or acquisitions. */
  repeatedShare: number;
  /** Slice Thickness, else the distance between the slices. */
  thicknessMm: number | null;
  /** The longest step that leaves out at least one slice; null where none does. */
  gapMm: number | null;
  coverageMm: number | null;
  /** What a whole head measures along its axis at this age, about. */
  wholeHeadMm: number;
  fieldOfViewMm: number | null;
  kernel: KernelKind;
  region: RegionFact;
  contrast: ContrastFact;
  scan: ScanFacts;
}

type Plane = "axial" | "other" | "unknown";

export interface RegionFact {
  region: BodyRegion;
  /** The attribute that tells. */
  from: string;
}

export interface ContrastFact {
  /** undefined: nothing tells */
  given: boolean | undefined;
  from: string;
  /** Only the protocol speaks of contrast, and a protocol covers the native series of an examination as well. */
  suspected: boolean;
}

/** A head fits into it with its scalp, a newborn's too; a chest does not, nor an enlarged detail such as an ear. */
const HEAD_FIELD_OF_VIEW_MM = [130, 330] as const;
const HEAD_COVERAGE_MM = [70, 280] as const;
/** From the foramen magnum to the vertex an adult's brain needs about 120 mm, a small child's about 90. */
const WHOLE_HEAD_MM = 120;
const WHOLE_CHILD_HEAD_MM = 90;
const CHILD_YEARS = 3;
const GAP_FACTOR = 1.6;

export function seriesFacts(listed: InstanceHeader[]): SeriesFacts {
  const headers = [...new Map(listed.map((it) => [`${it.sopInstanceUid} ${it.frameNumber}`, it])).values()];
  const group = largestGroup(headers);
  const header = group[group.length >> 1]!;
  const axial = group.filter((it) => planeOf(it) === "axial");
  const positions = axialPositions(axial);
  const distinct = positions.filter((mm, i) => i === 0 || mm - positions[i - 1]! > SAME_PLACE_MM);
  const steps = distinct.slice(1).map((mm, i) => mm - distinct[i]!);
  const spacingMm = steps.length > 0 ? median(steps) : null;
  const stated = group.flatMap(({ sliceThicknessMm }) => sliceThicknessMm || []);
  const thicknessMm = stated.length > 0 ? median(stated) : spacingMm && Number(spacingMm.toFixed(2));
  const coverageMm = distinct.length > 1 ? distinct.at(-1)! - distinct[0]! + (thicknessMm ?? 0) : null;
  const longest = steps.reduce((a, b) => Math.max(a, b), 0);
  const { rows, columns, pixelSpacingMm } = header;
  const fieldOfViewMm =
    rows === null || columns === null || pixelSpacingMm === null
      ? null
      : Math.max(rows * pixelSpacingMm[0], columns * pixelSpacingMm[1]);
  return {
    seriesInstanceUid: header.seriesInstanceUid,
    header,
    instances: new Set(headers.map(({ sopInstanceUid }) => sopInstanceUid)).size,
    images: group.length,
    setAside: headers.length - group.length,
    plane: planeOf(header),
    axialImages: headers.filter((it) => planeOf(it) === "axial").length,
    places: distinct.length,
    repeatedShare: positions.length > 0 ? 1 - distinct.length / positions.length : 0,
    thicknessMm,
    gapMm: longest > GAP_FACTOR * Math.max(spacingMm ?? 0, thicknessMm ?? 0) ? longest : null,
    coverageMm,
    wholeHeadMm: isSmallChild(header.patientAge) ? WHOLE_CHILD_HEAD_MM : WHOLE_HEAD_MM,
    fieldOfViewMm,
    kernel: kernelKind(header.convolutionKernel, header.seriesDescription),
    region: regionFact(header, fieldOfViewMm, coverageMm),
    contrast: contrastFact(header),
    scan: scanFacts(axial, thicknessMm ?? 0),
  };
}

function planeOf({ imagePositionMm, imageOrientation }: InstanceHeader): Plane {
  if (imagePositionMm === null || imageOrientation === null) return "unknown";
  return isAxial(imageOrientation) ? "axial" : "other";
}

/** Images of one class and plane, with localizers apart. */
function largestGroup(headers: InstanceHeader[]): InstanceHeader[] {
  const groups = Map.groupBy(headers, (it) =>
    [it.modality, it.sopClassUid, planeOf(it), it.imageType.some(namesLocalizer)].join(),
  );
  const byPlace = [...groups.values()].sort((a, b) => b.length - a.length || (planeOf(b[0]!) === "axial" ? 1 : -1));
  return byPlace[0]!;
}

/** Along the normal, ascending. */
function axialPositions(axial: InstanceHeader[]): number[] {
  const orientation = axial[0]?.imageOrientation;
  if (orientation == null) return [];
  const normal = sliceNormal(orientation);
  return axial.map(({ imagePositionMm }) => dot(imagePositionMm as Vector, normal)).sort((a, b) => a - b);
}

function isSmallChild(patientAge: string): boolean {
  const age = /^(\d{3})([DWMY])$/.exec(patientAge);
  if (age === null) return false;
  const years = { D: 365, W: 52, M: 12, Y: 1 }[age[2] as "D" | "W" | "M" | "Y"];
  return Number(age[1]) / years < CHILD_YEARS;
}

/**
 * The most specific attribute that names a region decides. Body Part Examined comes late: scanners fill it by protocol
 * group, so that necks and sinuses call themselves HEAD. Where no word tells, the size of what was imaged does.
 */
function regionFact(header: InstanceHeader, fieldOfViewMm: number | null, coverageMm: number | null): RegionFact {
  const texts = [
    ["series description", header.seriesDescription],
    ["protocol name", header.protocolName],
    ["body part examined", header.bodyPartExamined],
    ["study description", header.study.studyDescription],
  ] as const;
  for (const [from, text] of texts) {
    const region = bodyRegionOf(text);
    if (region !== "unknown") return { region, from };
  }
  const within = (value: number | null, [low, high]: readonly [number, number]) =>
    value !== null && value >= low && value <= high;
  const fits = within(fieldOfViewMm, HEAD_FIELD_OF_VIEW_MM) && within(coverageMm, HEAD_COVERAGE_MM);
  return { region: fits ? "head" : "unknown", from: "field of view" };
}

/**
 * The series' own words outweigh the agent, which some scanners fill in for all series of a study. Where even those are
 * missing, the enhancement of the large vessels could tell, but that needs pixels.
 */
function contrastFact(header: InstanceHeader): ContrastFact {
  const described = contrastIn(header.seriesDescription);
  if (header.imageType.some((value) => contrastIn(value) === true)) {
    return { given: true, from: "image type", suspected: false };
  }
  if (described !== undefined) return { given: described, from: "description", suspected: false };
  if (agentGiven(header.contrastBolusAgent)) return { given: true, from: "agent", suspected: false };
  const planned = contrastIn(header.protocolName);
  return { given: planned === false ? false : undefined, from: "protocol", suspected: planned === true };
}

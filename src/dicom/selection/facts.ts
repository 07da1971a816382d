import type { InstanceHeader } from "../source.ts";
import { agentGiven, contrastIn } from "./contrast.ts";
import { type KernelKind, kernelKind } from "./kernel.ts";
import { type ScanFacts, scanFacts } from "./scan.ts";
import { planeOf, type Stack, stackOf } from "./stack.ts";
import { type BodyRegion, bodyRegionOf, namesFace } from "./words.ts";

/** What the selection rules look at: one series, boiled down from the headers of its images. */
export interface SeriesFacts extends Omit<Stack, "images"> {
  seriesInstanceUid: string;
  /** An image that stands for the series. */
  header: InstanceHeader;
  /** DICOM objects, by SOP Instance UID. */
  instances: number;
  /** Images of the stack; frames of multi-frame objects count one by one. */
  images: number;
  /** Images outside of it. */
  setAside: number;
  /** Axial images in the stack and outside. */
  axialImages: number;
  /** What a whole head measures along its axis at this age, at least. */
  wholeHeadMm: number;
  fieldOfViewMm: number | null;
  kernel: KernelKind;
  region: RegionFact;
  contrast: ContrastFact;
  scan: ScanFacts;
}

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

export function seriesFacts(listed: InstanceHeader[]): SeriesFacts {
  const headers = [...new Map(listed.map((it) => [`${it.sopInstanceUid} ${it.frameNumber}`, it])).values()];
  const { images, ...stack } = stackOf(headers);
  const header = images[images.length >> 1]!;
  const { rows, columns, pixelSpacingMm } = header;
  const fieldOfViewMm =
    rows === null || columns === null || pixelSpacingMm === null
      ? null
      : Math.max(rows * pixelSpacingMm[0], columns * pixelSpacingMm[1]) || null;
  return {
    ...stack,
    seriesInstanceUid: header.seriesInstanceUid,
    header,
    instances: new Set(headers.map(({ sopInstanceUid }) => sopInstanceUid)).size,
    images: images.length,
    setAside: headers.length - images.length,
    axialImages: headers.filter((it) => planeOf(it) === "axial").length,
    wholeHeadMm: isSmallChild(header.patientAge) ? WHOLE_CHILD_HEAD_MM : WHOLE_HEAD_MM,
    fieldOfViewMm,
    kernel: kernelKind(header.convolutionKernel, header.seriesDescription),
    region: regionFact(header, fieldOfViewMm, stack.coverageMm),
    contrast: contrastFact(header),
    scan: scanFacts(images, stack.thicknessMm ?? 0),
  };
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
    // A study of the sinuses calls its images HEAD; but a head may be added to a study of the spine.
    const isFace = from === "body part examined" && namesFace(header.study.studyDescription);
    if (isFace) return { region: "other", from: "study description" };
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

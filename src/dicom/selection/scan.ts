import { secondsOf } from "../date-time.ts";
import type { InstanceHeader } from "../source.ts";

/** When and where a series was scanned: what tells reconstructions of one acquisition from acquisitions of their own. */
export interface ScanFacts {
  /** "" when unknown */
  frameOfReferenceUid: string;
  acquisitionNumbers: Set<number>;
  /** First and last Acquisition DateTime, in s since 1970 by the scanner's clock; null when unknown. */
  timeS: Interval | null;
  /** From the lowest to the highest slice, in the patient's z; null without positions. */
  zMm: Interval | null;
}

export interface Interval {
  from: number;
  to: number;
}

/** Reconstructions of one scan carry its time; some scanners give each image its own. */
const SAME_SCAN_S = 5;
/** The same under one Acquisition Number. No repeat is planned, moved to and scanned so quickly. */
const SAME_NUMBERED_SCAN_S = 15;
const SAME_SITTING_S = 600;
/** Two that share less than this of the shorter one show different parts. */
const SAME_PART_SHARE = 0.5;
const MAX_SEAM_MM = 8;
const MAX_SEAM_OVERLAP_MM = 15;
/** What a head measures with its air and some neck, or two parts of one head together. */
export const MAX_HEAD_MM = 230;

export function scanFacts(images: InstanceHeader[], thicknessMm: number): ScanFacts {
  const z = images.flatMap((image) => centreZ(image) ?? []);
  const times = images.flatMap(({ acquisitionDateTime }) => secondsOf(acquisitionDateTime) ?? []);
  return {
    frameOfReferenceUid: images[0]?.frameOfReferenceUid ?? "",
    acquisitionNumbers: new Set(images.flatMap(({ acquisitionNumber }) => acquisitionNumber ?? [])),
    timeS: intervalOf(times),
    zMm: intervalOf([...z.map((mm) => mm - thicknessMm / 2), ...z.map((mm) => mm + thicknessMm / 2)]),
  };
}

/** Whether the two show the same part of the body out of one scan. Where nothing tells, the place decides. */
export function sameScan(a: ScanFacts, b: ScanFacts): boolean {
  return mayBeSameScan(a, b) && overlaps(a, b);
}

/** Whether time, number and frame of reference allow that both come from one scan. */
export function mayBeSameScan(a: ScanFacts, b: ScanFacts): boolean {
  if (!sameFrame(a, b)) return false;
  const numbered = a.acquisitionNumbers.size > 0 && b.acquisitionNumbers.size > 0;
  const sameNumber = [...a.acquisitionNumbers].some((number) => b.acquisitionNumbers.has(number));
  // GE numbers each series from 1, and workstations renumber: where there are times, they decide.
  if (a.timeS !== null && b.timeS !== null) {
    return distance(a.timeS, b.timeS) <= (sameNumber ? SAME_NUMBERED_SCAN_S : SAME_SCAN_S);
  }
  return !numbered || sameNumber;
}

/** Whether they share most of the shorter one's places. */
export function overlaps(a: ScanFacts, b: ScanFacts): boolean {
  if (a.zMm === null || b.zMm === null) return false;
  return -distance(a.zMm, b.zMm) >= SAME_PART_SHARE * Math.min(length(a.zMm), length(b.zMm));
}

/** Whether the two are parts of one head: one begins where the other ends. */
export function continues(a: ScanFacts, b: ScanFacts): boolean {
  if (!sameFrame(a, b) || a.zMm === null || b.zMm === null || overlaps(a, b)) return false;
  if (a.timeS !== null && b.timeS !== null && distance(a.timeS, b.timeS) > SAME_SITTING_S) return false;
  const seam = distance(a.zMm, b.zMm);
  const together = Math.max(a.zMm.to, b.zMm.to) - Math.min(a.zMm.from, b.zMm.from);
  return seam <= MAX_SEAM_MM && -seam <= MAX_SEAM_OVERLAP_MM && together <= MAX_HEAD_MM;
}

const sameFrame = (a: ScanFacts, b: ScanFacts) =>
  a.frameOfReferenceUid === b.frameOfReferenceUid || a.frameOfReferenceUid === "" || b.frameOfReferenceUid === "";

const length = ({ from, to }: Interval) => to - from;

/** Between two intervals; negative by as much as they share. */
function distance(a: Interval, b: Interval): number {
  return Math.max(a.from, b.from) - Math.min(a.to, b.to);
}

function intervalOf(values: number[]): Interval | null {
  if (values.length === 0) return null;
  // No spread: a perfusion study has more images than a call may have arguments.
  return { from: values.reduce((a, b) => Math.min(a, b)), to: values.reduce((a, b) => Math.max(a, b)) };
}

/** Of the middle of the image: the corner of a tilted slice lies elsewhere than its middle. */
function centreZ({ imagePositionMm, imageOrientation, pixelSpacingMm, rows, columns }: InstanceHeader): number | null {
  if (imagePositionMm === null || imageOrientation === null) return null;
  const [, , rowZ, , , columnZ] = imageOrientation;
  const [betweenRows, betweenColumns] = pixelSpacingMm ?? [0, 0];
  return imagePositionMm[2] + (columnZ * betweenRows * (rows ?? 0)) / 2 + (rowZ * betweenColumns * (columns ?? 0)) / 2;
}

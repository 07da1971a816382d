import { type Cranium, craniumIn, inPlaneMm, planeAxes } from "../dicom/cranium.ts";
import { median } from "../dicom/geometry.ts";
import type { PlacedSlice } from "../dicom/placed-slice.ts";
import type { CtVolume } from "../dicom/volume.ts";

/**
 * The plane that parts the head into its two sides, found by the skull's own symmetry: the line in which the bone of
 * each slice, mirrored, falls onto itself best. One angle holds for the whole head; how far to the side the line lies
 * may change from slice to slice, since a head also leans.
 */
export interface Midline {
  /** How far a place of slice z, in pixels with the first pixel's centre at 0, 0, lies to the patient's left. */
  toTheLeftMm(z: number, column: number, row: number): number;
}

/** Enough to know the angle, however thin the slices are. */
const MAX_SLICES = 24;
/** A slice whose skull encloses less tells nothing of the head's symmetry: the face, or the top of the vault. */
const MIN_ENCLOSED_CM2 = 30;
const MIN_SLICES = 3;
/** Of the bone of a slice: enough of them tell how much of it meets. */
const MAX_POINTS = 400;
/** A head turned further cannot be told from its other axis. */
const MAX_TURN_DEG = 45;
const COARSE_STEP_DEG = 3;
const OFFSETS_MM = Array.from({ length: 13 }, (_, i) => (i - 6) * 2);
/** The share of the bone that meets bone when it is mirrored. */
const MIN_OVERLAP = 0.6;
/** That much less of it must meet where the line is turned by 15 degrees or more, or the skull is round and tells nothing. */
const MIN_CONTRAST = 0.08;
const CONTRAST_FROM_DEG = 15;
/** A head is longer than wide: where the skull is clearly oblong, its midline runs along, not across. */
const OBLONG = 0.95;
/** How far the lines of the slices may stray from the common plane, as a median. */
const MAX_STRAY_MM = 4;

interface Skull {
  positionMm: number;
  cranium: Cranium;
  /** Cells of bone: to the left, to the back, from the middle of the bone, in mm. */
  points: Float32Array;
  middle: [number, number];
  /** Like the cranium's bone, blurred by a cell: skulls are only nearly symmetric. */
  near: Uint8Array;
}

/** null where the skull shows no clear axis; then nobody may speak of sides. */
export function findMidline({ slices }: CtVolume): Midline | null {
  const skulls = spread(slices, MAX_SLICES).flatMap((slice) => skullIn(slice) ?? []);
  if (skulls.length < MIN_SLICES) return null;
  const angle = commonAngle(skulls);
  if (angle === null || runsAcross(skulls, angle)) return null;
  const [nx, ny] = normalTo(angle);
  const offsets = skulls.map((skull): [number, number] => [
    skull.positionMm,
    nx * skull.middle[0] + ny * skull.middle[1] + bestOffset(skull, angle),
  ]);
  const line = fittedLine(offsets);
  if (median(offsets.map(([z, offset]) => Math.abs(offset - line(z)))) > MAX_STRAY_MM) return null;
  const axes = slices.map(planeAxes);
  return {
    toTheLeftMm(z, column, row) {
      const slice = slices[z]!;
      const [left, back] = inPlaneMm(slice, axes[z]!, column, row);
      return nx * left + ny * back - line(slice.positionMm);
    },
  };
}

function spread(slices: PlacedSlice[], count: number): PlacedSlice[] {
  const step = Math.max(1, slices.length / count);
  return Array.from({ length: Math.min(count, slices.length) }, (_, i) => slices[Math.floor(i * step)]!);
}

function skullIn(slice: PlacedSlice): Skull | null {
  const cranium = craniumIn(slice);
  if (cranium === null || cranium.enclosedCm2 < MIN_ENCLOSED_CM2) return null;
  const { bone, size, stepMm, originMm } = cranium;
  const cells = [...bone.keys()].filter((cell) => bone[cell] === 1);
  const near = new Uint8Array(bone.length);
  for (const cell of cells) {
    for (const shift of [0, -1, 1, -size, size]) near[cell + shift] = 1;
  }
  const lefts = cells.map((cell) => originMm[0] + (cell % size) * stepMm);
  const backs = cells.map((cell) => originMm[1] + Math.floor(cell / size) * stepMm);
  const middle: [number, number] = [mean(lefts), mean(backs)];
  const sparse = Math.max(1, Math.floor(cells.length / MAX_POINTS));
  const points = Float32Array.from(
    lefts.flatMap((left, i) => (i % sparse === 0 ? [left - middle[0], backs[i]! - middle[1]] : [])),
  );
  return { positionMm: slice.positionMm, cranium, points, middle, near };
}

/** The direction across the midline, to the patient's left, for a head turned by an angle. */
function normalTo(angleDeg: number): [number, number] {
  const angle = (angleDeg * Math.PI) / 180;
  return [Math.cos(angle), Math.sin(angle)];
}

/** The share of the bone that meets bone when it is mirrored in the line at `offset` mm from the middle. */
function mirroredOverlap({ points, middle, near, cranium }: Skull, angleDeg: number, offset: number): number {
  const [nx, ny] = normalTo(angleDeg);
  const { size, stepMm, originMm } = cranium;
  let met = 0;
  for (let i = 0; i < points.length; i += 2) {
    const [left, back] = [points[i]!, points[i + 1]!];
    const distance = 2 * (nx * left + ny * back - offset);
    const x = Math.round((left - distance * nx + middle[0] - originMm[0]) / stepMm);
    const y = Math.round((back - distance * ny + middle[1] - originMm[1]) / stepMm);
    if (x >= 0 && y >= 0 && x < size && y < size) met += near[y * size + x]!;
  }
  return (2 * met) / points.length;
}

/** Where most of the bone meets; of a plateau, its middle. */
function bestOffset(skull: Skull, angleDeg: number): number {
  const overlaps = OFFSETS_MM.map((offset) => mirroredOverlap(skull, angleDeg, offset));
  const most = Math.max(...overlaps);
  return mean(OFFSETS_MM.filter((_, i) => overlaps[i] === most));
}

function commonAngle(skulls: Skull[]): number | null {
  const overlapAt = (angle: number) =>
    mean(skulls.map((skull) => Math.max(...OFFSETS_MM.map((offset) => mirroredOverlap(skull, angle, offset)))));
  const coarse = Array.from({ length: (2 * MAX_TURN_DEG) / COARSE_STEP_DEG + 1 }, (_, i) => {
    const angle = i * COARSE_STEP_DEG - MAX_TURN_DEG;
    return { angle, overlap: overlapAt(angle) };
  });
  const best = highest(coarse);
  const elsewhere = coarse.filter(({ angle }) => Math.abs(angle - best.angle) >= CONTRAST_FROM_DEG);
  if (Math.abs(best.angle) === MAX_TURN_DEG || best.overlap < MIN_OVERLAP) return null;
  if (best.overlap - highest(elsewhere).overlap < MIN_CONTRAST) return null;
  const fine = [-2, -1, 0, 1, 2].map((shift) => ({
    angle: best.angle + shift,
    overlap: overlapAt(best.angle + shift),
  }));
  return highest(fine).angle;
}

function highest<T extends { overlap: number }>(candidates: T[]): T {
  return candidates.reduce((best, candidate) => (candidate.overlap > best.overlap ? candidate : best));
}

/** Whether the line runs along the short axis of an oblong skull. */
function runsAcross(skulls: Skull[], angleDeg: number): boolean {
  const [nx, ny] = normalTo(angleDeg);
  const spreads = skulls.map(({ points }) => {
    let [along, across] = [0, 0];
    for (let i = 0; i < points.length; i += 2) {
      across += (nx * points[i]! + ny * points[i + 1]!) ** 2;
      along += (nx * points[i + 1]! - ny * points[i]!) ** 2;
    }
    return Math.sqrt(along / across);
  });
  return median(spreads) < OBLONG;
}

/** Through points [z, value], by the median of their slopes (Theil and Sen): a few wrong ones do not count. */
function fittedLine(points: [number, number][]): (z: number) => number {
  const slopes = points.flatMap(([z, value], i) =>
    points.slice(i + 1).flatMap(([z2, value2]) => (z2 === z ? [] : (value2 - value) / (z2 - z))),
  );
  const slope = slopes.length > 0 ? median(slopes) : 0;
  const start = median(points.map(([z, value]) => value - slope * z));
  return (z) => start + slope * z;
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

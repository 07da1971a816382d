import { columnDirection, cross, dot, rowDirection, sliceNormal, unit, type Vector } from "./geometry.ts";
import type { PlacedSlice } from "./placed-slice.ts";

/** The skull in one slice, on a square grid in the patient's own directions, so that slices of any kind compare. */
export interface Cranium {
  /** Cells per side; cell i, j has its centre at `originMm` + i, j times `stepMm`. */
  size: number;
  stepMm: number;
  /** To the patient's left, and to the back, within the plane. */
  originMm: [number, number];
  /** 1 = bone of the skull */
  bone: Uint8Array;
  /** cm² that the bone encloses */
  enclosedCm2: number;
}

/** The directions within the plane of a slice to the patient's left and to the back. */
export interface PlaneAxes {
  left: Vector;
  back: Vector;
}

const STEP_MM = 2;
/** More than a field of view in which a head fits is not looked at: the middle of it. */
const LARGEST_MM = 520;
const BONE_HU = 250;

export function planeAxes(slice: PlacedSlice): PlaneAxes {
  const normal = sliceNormal(slice.orientation);
  const back = unit(cross(normal, [1, 0, 0]));
  return { left: cross(back, normal), back };
}

/** mm to the left and to the back of a place of the slice, given in pixels; the centre of the first pixel is 0, 0. */
export function inPlaneMm(slice: PlacedSlice, { left, back }: PlaneAxes, column: number, row: number) {
  const [rowSpacing, columnSpacing] = slice.pixelSpacingMm;
  const [alongRow, alongColumn] = [column * columnSpacing, row * rowSpacing];
  const along = (axis: Vector) =>
    dot(slice.cornerMm, axis) +
    alongRow * dot(rowDirection(slice.orientation), axis) +
    alongColumn * dot(columnDirection(slice.orientation), axis);
  return [along(left), along(back)] as const;
}

/** The largest thing of bone in the slice, which an arm and a head holder beside the head are not; null without bone. */
export function craniumIn(slice: PlacedSlice): Cranium | null {
  const { rows, columns, hu, orientation } = slice;
  const [rowSpacing, columnSpacing] = slice.pixelSpacingMm;
  const axes = planeAxes(slice);
  const centre = inPlaneMm(slice, axes, (columns - 1) / 2, (rows - 1) / 2);
  const extentMm = Math.min(LARGEST_MM, Math.hypot(rows * rowSpacing, columns * columnSpacing));
  const size = Math.ceil(extentMm / STEP_MM) + 6;
  const originMm: [number, number] = [centre[0] - ((size - 1) / 2) * STEP_MM, centre[1] - ((size - 1) / 2) * STEP_MM];
  const first = inPlaneMm(slice, axes, 0, 0);
  const [row, column] = [rowDirection(orientation), columnDirection(orientation)];
  const [columnPerLeft, columnPerBack] = [dot(axes.left, row) / columnSpacing, dot(axes.back, row) / columnSpacing];
  const [rowPerLeft, rowPerBack] = [dot(axes.left, column) / rowSpacing, dot(axes.back, column) / rowSpacing];
  const bone = new Uint8Array(size * size);
  // The two outermost cells all around stay empty: neighbours always exist, and the air around hangs together.
  for (let j = 2; j < size - 2; j++) {
    for (let i = 2; i < size - 2; i++) {
      const [left, back] = [originMm[0] + i * STEP_MM - first[0], originMm[1] + j * STEP_MM - first[1]];
      const atColumn = Math.round(left * columnPerLeft + back * columnPerBack);
      const atRow = Math.round(left * rowPerLeft + back * rowPerBack);
      const inside = atColumn >= 0 && atColumn < columns && atRow >= 0 && atRow < rows;
      if (inside && hu[atRow * columns + atColumn]! >= BONE_HU) bone[j * size + i] = 1;
    }
  }
  const skull = largestPart(bone, size);
  return skull === null
    ? null
    : { size, stepMm: STEP_MM, originMm, bone: skull, enclosedCm2: (enclosed(skull, size) * STEP_MM ** 2) / 100 };
}

/**
 * 1 = cells that lie between bone, from left to right and from front to back. At the base of the skull, where the bone
 * encloses nothing, this still is the inside of the head.
 */
export function insideOf({ size, bone }: Cranium): Uint8Array {
  const inside = new Uint8Array(bone.length);
  const columns = Array.from({ length: size }, (_, i) => span(size, (j) => bone[j * size + i] === 1));
  for (let j = 0; j < size; j++) {
    const row = span(size, (i) => bone[j * size + i] === 1);
    for (let i = row.first; i <= row.last; i++) {
      const { first, last } = columns[i]!;
      if (j >= first && j <= last && bone[j * size + i] === 0) inside[j * size + i] = 1;
    }
  }
  return inside;
}

/** The first and the last one; the last before the first where there is none. */
function span(length: number, isSet: (index: number) => boolean): { first: number; last: number } {
  let [first, last] = [length, -1];
  for (let index = 0; index < length; index++) {
    if (!isSet(index)) continue;
    first = Math.min(first, index);
    last = index;
  }
  return { first, last };
}

/** Cells touch by sides and corners; the part that reaches furthest wins: a humerus is more bone than a thin vault. */
function largestPart(mask: Uint8Array, size: number): Uint8Array | null {
  const touching = [-size - 1, -size, -size + 1, -1, 1, size - 1, size, size + 1];
  const waiting = mask.slice();
  let largest: { cells: number[]; reach: number } | null = null;
  for (let seed = 0; seed < waiting.length; seed++) {
    if (waiting[seed] === 0) continue;
    const cells = flooded(waiting, seed, touching);
    const reach = range(cells, (cell) => cell % size) * range(cells, (cell) => Math.floor(cell / size));
    if (largest === null || reach > largest.reach) largest = { cells, reach };
  }
  if (largest === null) return null;
  const part = new Uint8Array(mask.length);
  for (const cell of largest.cells) part[cell] = 1;
  return part;
}

/** Cells that cannot be reached from the edge of the grid without crossing bone. */
function enclosed(skull: Uint8Array, size: number): number {
  const open = skull.map((cell) => 1 - cell);
  for (let i = 0; i < size; i++) {
    for (const edge of [i, (size - 1) * size + i, i * size, i * size + size - 1]) open[edge] = 0;
  }
  // All around lies air, whose cells hang together.
  flooded(open, size + 1, [-size, -1, 1, size]);
  let count = 0;
  for (const cell of open) count += cell;
  return count;
}

/** Takes the cells that hang together with the seed out of the mask; the mask is empty at its edge. */
function flooded(mask: Uint8Array, seed: number, touching: number[]): number[] {
  mask[seed] = 0;
  const cells = [seed];
  for (const cell of cells) {
    for (const step of touching) {
      const next = cell + step;
      if (mask[next] === 0) continue;
      mask[next] = 0;
      cells.push(next);
    }
  }
  return cells;
}

function range(cells: number[], coordinate: (cell: number) => number): number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const cell of cells) {
    low = Math.min(low, coordinate(cell));
    high = Math.max(high, coordinate(cell));
  }
  return high - low + 1;
}

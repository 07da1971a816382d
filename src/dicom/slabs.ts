import { columnDirection, dot, median, rowDirection, subtract, type Vector } from "./geometry.ts";
import type { PlacedSlice } from "./placed-slice.ts";
import { SAME_PLACE_MM } from "./spacing.ts";

/** Thin contiguous slices are averaged to slabs of a thickness that the model has learnt on. */
export interface SlabSettings {
  /** Series with a smaller distance between their slices are averaged. */
  belowMm: number;
  thicknessMm: number;
}

/** A slice where it lies along the normal, lowest first in a list of them. */
type Layer = Pick<PlacedSlice, "rows" | "columns" | "pixelSpacingMm" | "orientation" | "cornerMm" | "positionMm">;

/** Slices further apart than this share of a slab are not averaged over the gap between them. */
const MAX_GAP_SHARE = 0.5;

/**
 * Divides slices into slabs of neighbours; every slice is a slab of its own where the series is not thin.
 * @param layers in order of their position
 * @returns indices of the slices of each slab, in order
 */
export function planSlabs(layers: Layer[], slab: SlabSettings | undefined): number[][] {
  const alone = layers.map((_, i) => [i]);
  const positionsMm = layers.map(({ positionMm }) => positionMm);
  if (slab === undefined || !isThin(positionsMm, slab)) return alone;
  const slabs: number[][] = [];
  let startMm = Number.NEGATIVE_INFINITY;
  for (const [i, layer] of layers.entries()) {
    const before = layers[i - 1];
    const goesOn =
      before !== undefined &&
      layer.positionMm - startMm < slab.thicknessMm &&
      layer.positionMm - before.positionMm <= MAX_GAP_SHARE * slab.thicknessMm &&
      isSameGrid(before, layer);
    if (goesOn) slabs.at(-1)!.push(i);
    else {
      slabs.push([i]);
      startMm = layer.positionMm;
    }
  }
  return slabs;
}

/** @param positionsMm in order; several slices may lie at one place */
export function isThin(positionsMm: number[], { belowMm }: SlabSettings): boolean {
  const steps = positionsMm.slice(1).map((mm, i) => mm - positionsMm[i]!);
  const apart = steps.filter((mm) => mm > SAME_PLACE_MM);
  return apart.length > 0 && median(apart) < belowMm;
}

function isSameGrid(a: Layer, b: Layer): boolean {
  return a.rows === b.rows && a.columns === b.columns && String(a.pixelSpacingMm) === String(b.pixelSpacingMm);
}

/** The slice of a slab that lies nearest its middle: it stands for the slab wherever one image must be named. */
export function middleOf(layers: Layer[], slab: number[]): number {
  const middleMm = (layers[slab[0]!]!.positionMm + layers[slab.at(-1)!]!.positionMm) / 2;
  const distance = (i: number) => Math.abs(layers[i]!.positionMm - middleMm);
  return slab.reduce((best, i) => (distance(i) < distance(best) ? i : best));
}

/** The running sum of the slices of one slab: memory for one slice, however many there are. */
export class SlabSum {
  readonly #middle: Layer;
  readonly #sum: Int32Array;
  readonly #counts: Uint16Array;

  /** @param middle gives the grid on which the others are laid */
  constructor(middle: Layer) {
    this.#middle = middle;
    this.#sum = new Int32Array(middle.rows * middle.columns);
    this.#counts = new Uint16Array(middle.rows * middle.columns);
  }

  /** Adds a slice. A tilted gantry shifts slices within their own plane: they are laid over each other again. */
  add(cornerMm: Vector, hu: Int16Array): void {
    const { rows, columns, orientation, pixelSpacingMm } = this.#middle;
    const [sums, counts] = [this.#sum, this.#counts];
    const offset = subtract(cornerMm, this.#middle.cornerMm);
    const shiftX = Math.round(dot(offset, rowDirection(orientation)) / pixelSpacingMm[1]);
    const shiftY = Math.round(dot(offset, columnDirection(orientation)) / pixelSpacingMm[0]);
    const [fromX, toX] = [Math.max(0, shiftX), Math.min(columns, columns + shiftX)];
    for (let y = Math.max(0, shiftY); y < Math.min(rows, rows + shiftY); y++) {
      let from = (y - shiftY) * columns + fromX - shiftX;
      for (let to = y * columns + fromX; to < y * columns + toX; to++, from++) {
        sums[to]! += hu[from]!;
        counts[to]!++;
      }
    }
  }

  mean(): Int16Array {
    const mean = new Int16Array(this.#sum.length);
    for (let i = 0; i < mean.length; i++) {
      const count = this.#counts[i]!;
      mean[i] = count === 0 ? AIR_HU : Math.round(this.#sum[i]! / count);
    }
    return mean;
  }
}

const AIR_HU = -1024;

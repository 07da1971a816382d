import { dot, median, subtract, type Vector } from "./geometry.ts";
import type { InstanceHeader } from "./source.ts";

/** Thin contiguous slices are averaged to slabs of a thickness that the model has learnt on. */
export interface SlabSettings {
  /** Series with a smaller distance between their slices are averaged. */
  belowMm: number;
  thicknessMm: number;
}

/** A slice where it lies along the normal, lowest first in a list of them. */
interface Layer {
  header: InstanceHeader;
  positionMm: number;
}

/** Slices further apart than this share of a slab are not averaged over the gap between them. */
const MAX_GAP_SHARE = 0.5;

/**
 * Divides slices into slabs of neighbours; every slice is a slab of its own where the series is not thin.
 * @param layers in order of their position
 * @returns indices of the slices of each slab, in order
 */
export function planSlabs(layers: Layer[], slab: SlabSettings | undefined): number[][] {
  const alone = layers.map((_, i) => [i]);
  if (slab === undefined || layers.length < 2) return alone;
  const steps = layers.slice(1).map((layer, i) => layer.positionMm - layers[i]!.positionMm);
  if (median(steps) >= slab.belowMm) return alone;
  const slabs: number[][] = [];
  let startMm = Number.NEGATIVE_INFINITY;
  for (const [i, layer] of layers.entries()) {
    const before = layers[i - 1];
    const goesOn =
      before !== undefined &&
      layer.positionMm - startMm < slab.thicknessMm &&
      layer.positionMm - before.positionMm <= MAX_GAP_SHARE * slab.thicknessMm &&
      isSameGrid(before.header, layer.header);
    if (goesOn) slabs.at(-1)!.push(i);
    else {
      slabs.push([i]);
      startMm = layer.positionMm;
    }
  }
  return slabs;
}

function isSameGrid(a: InstanceHeader, b: InstanceHeader): boolean {
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
  readonly #middle: InstanceHeader;
  readonly #sum: Int32Array;
  readonly #counts: Uint16Array;

  /** @param middle gives the grid on which the others are laid */
  constructor(middle: InstanceHeader & { rows: number; columns: number }) {
    this.#middle = middle;
    this.#sum = new Int32Array(middle.rows * middle.columns);
    this.#counts = new Uint16Array(middle.rows * middle.columns);
  }

  /** Adds a slice. A tilted gantry shifts slices within their own plane: they are laid over each other again. */
  add(header: InstanceHeader, hu: Int16Array): void {
    const { rows, columns } = this.#middle as { rows: number; columns: number };
    const [shiftX, shiftY] = this.#shift(header);
    const [fromX, toX] = [Math.max(0, shiftX), Math.min(columns, columns + shiftX)];
    for (let y = Math.max(0, shiftY); y < Math.min(rows, rows + shiftY); y++) {
      let from = (y - shiftY) * columns + fromX - shiftX;
      for (let to = y * columns + fromX; to < y * columns + toX; to++, from++) {
        this.#sum[to]! += hu[from]!;
        this.#counts[to]!++;
      }
    }
  }

  mean(): Int16Array {
    return Int16Array.from(this.#sum, (sum, i) =>
      this.#counts[i] === 0 ? AIR_HU : Math.round(sum / this.#counts[i]!),
    );
  }

  /** By how many columns and rows the corner of a slice lies off the middle one's, seen along the normal. */
  #shift({ imagePositionMm: corner }: InstanceHeader): [number, number] {
    const { imagePositionMm: origin, imageOrientation, pixelSpacingMm } = this.#middle;
    if (corner === null || origin === null || imageOrientation === null || pixelSpacingMm === null) return [0, 0];
    const [rx, ry, rz, cx, cy, cz] = imageOrientation;
    const offset = subtract(corner, origin);
    const along = (direction: Vector, spacingMm: number) => Math.round(dot(offset, direction) / spacingMm);
    return [along([rx, ry, rz], pixelSpacingMm[1]), along([cx, cy, cz], pixelSpacingMm[0])];
  }
}

const AIR_HU = -1024;

import { areaFilter, resample } from "./resample.ts";
import { windowTable } from "./window.ts";

/** The smallest upright rectangle around the head, in pixels of the slice. */
export interface HeadBox {
  centreX: number;
  centreY: number;
  width: number;
  height: number;
}

/** The head is looked for in an image of this size at most, in grey levels of the brain window. */
const SEARCH_SIZE = 256;
const SEARCH_WINDOW = { center: 40, width: 120 };
const GREY_LEVELS = 255;
const HEAD_ABOVE_LEVEL = 30.5;
const SMALLEST_HEAD_PIXELS = 150;

/** Half-widths of the rows of a 7 x 7 ellipse: opening with it cuts off the head holder and thin straps. */
const ELLIPSE_HALF_WIDTHS = [0, 2, 3, 3, 3, 2, 0];

/** Grey levels are whole numbers, as in the 8-bit images on which the box was tuned. */
const LEVEL_TABLE = windowTable(SEARCH_WINDOW).map((share) => Math.round(share * GREY_LEVELS));

interface Mask {
  columns: number;
  rows: number;
  /** rows x columns, 1 = inside */
  cells: Uint8Array;
}

/** The largest connected thing denser than water in a slice; null when there is none. */
export function findHeadBox(hu: Int16Array, rows: number, columns: number): HeadBox | null {
  const scale = Math.min(1, SEARCH_SIZE / Math.max(rows, columns));
  const [height, width] = [Math.round(rows * scale), Math.round(columns * scale)];
  const image = { pixels: hu, columns, table: LEVEL_TABLE };
  const levels = resample(image, areaFilter(columns, width), areaFilter(rows, height));
  const dense: Mask = {
    columns: width,
    rows: height,
    cells: Uint8Array.from(levels, (level) => (level >= HEAD_ABOVE_LEVEL ? 1 : 0)),
  };
  const largest = largestComponent(dilated(eroded(dense)));
  if (largest === null || largest.pixels < SMALLEST_HEAD_PIXELS) return null;
  const boxWidth = largest.right - largest.left + 1;
  const boxHeight = largest.bottom - largest.top + 1;
  return {
    centreX: (largest.left + boxWidth / 2) / scale,
    centreY: (largest.top + boxHeight / 2) / scale,
    width: boxWidth / scale,
    height: boxHeight / scale,
  };
}

/** Outside the image everything counts as inside, so that a head at the edge keeps its edge. */
function eroded(mask: Mask): Mask {
  return morphed(mask, (inside, looked) => inside === looked);
}

function dilated(mask: Mask): Mask {
  return morphed(mask, (inside) => inside > 0, true);
}

/**
 * Combines, for each pixel, the rows of the ellipse around it: all of them must pass (erosion) or one of them
 * (dilation). A row passes by the number of cells inside it, which running sums give at once.
 */
function morphed(mask: Mask, passes: (inside: number, looked: number) => boolean, anyRow = false): Mask {
  const { columns, rows, cells } = mask;
  const byHalfWidth = new Map([...new Set(ELLIPSE_HALF_WIDTHS)].map((half) => [half, rowPasses(mask, half, passes)]));
  const output = new Uint8Array(cells.length).fill(anyRow ? 0 : 1);
  const reach = ELLIPSE_HALF_WIDTHS.length >> 1;
  for (const [i, half] of ELLIPSE_HALF_WIDTHS.entries()) {
    const passed = byHalfWidth.get(half)!;
    const shift = i - reach;
    for (let y = Math.max(0, -shift); y < Math.min(rows, rows - shift); y++) {
      const to = y * columns;
      const from = (y + shift) * columns;
      if (anyRow) for (let x = 0; x < columns; x++) output[to + x]! |= passed[from + x]!;
      else for (let x = 0; x < columns; x++) output[to + x]! &= passed[from + x]!;
    }
  }
  return { columns, rows, cells: output };
}

function rowPasses({ columns, rows, cells }: Mask, half: number, passes: (inside: number, looked: number) => boolean) {
  const output = new Uint8Array(cells.length);
  const sums = new Int32Array(columns + 1);
  for (let y = 0; y < rows; y++) {
    const row = y * columns;
    for (let x = 0; x < columns; x++) sums[x + 1] = sums[x]! + cells[row + x]!;
    for (let x = 0; x < columns; x++) {
      const left = Math.max(0, x - half);
      const right = Math.min(columns, x + half + 1);
      if (passes(sums[right]! - sums[left]!, right - left)) output[row + x] = 1;
    }
  }
  return output;
}

/** Cells touch by their sides, not by their corners. */
function largestComponent({ columns, rows, cells }: Mask) {
  const waiting = cells.slice();
  const stack: number[] = [];
  let largest: { pixels: number; left: number; right: number; top: number; bottom: number } | null = null;
  for (let seed = 0; seed < waiting.length; seed++) {
    if (waiting[seed] === 0) continue;
    waiting[seed] = 0;
    stack.push(seed);
    const found = { pixels: 0, left: columns, right: 0, top: rows, bottom: 0 };
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const x = at % columns;
      const y = (at - x) / columns;
      found.pixels++;
      if (x < found.left) found.left = x;
      if (x > found.right) found.right = x;
      if (y < found.top) found.top = y;
      if (y > found.bottom) found.bottom = y;
      const visit = (next: number) => {
        if (waiting[next] === 0) return;
        waiting[next] = 0;
        stack.push(next);
      };
      if (x > 0) visit(at - 1);
      if (x < columns - 1) visit(at + 1);
      if (y > 0) visit(at - columns);
      if (y < rows - 1) visit(at + columns);
    }
    if (largest === null || found.pixels > largest.pixels) largest = found;
  }
  return largest;
}

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

/** Finds the head in slices of one size: the largest connected thing denser than water; null when there is none. */
export function headFinder(rows: number, columns: number): (hu: Int16Array) => HeadBox | null {
  const scale = Math.min(1, SEARCH_SIZE / Math.max(rows, columns));
  const alongX = areaFilter(columns, Math.round(columns * scale));
  const alongY = areaFilter(rows, Math.round(rows * scale));
  return (hu) => {
    const levels = resample({ pixels: hu, columns, table: LEVEL_TABLE }, alongX, alongY);
    return headIn(levels, { columns: alongX.rows.length, rows: alongY.rows.length }, scale);
  };
}

function headIn(levels: Float32Array, { columns, rows }: { columns: number; rows: number }, scale: number) {
  const dense = new Uint8Array(levels.length);
  for (let i = 0; i < levels.length; i++) dense[i] = levels[i]! >= HEAD_ABOVE_LEVEL ? 1 : 0;
  const largest = largestComponent(opened({ columns, rows, cells: dense }));
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

/** Opening: what does not hold the whole ellipse goes. Outside the image counts as inside, so that edges stay. */
function opened(mask: Mask): Mask {
  const eroded = inverted(dilated(inverted(mask)));
  return dilated(eroded);
}

function inverted({ columns, rows, cells }: Mask): Mask {
  const output = new Uint8Array(cells.length);
  for (let i = 0; i < cells.length; i++) output[i] = 1 - cells[i]!;
  return { columns, rows, cells: output };
}

function dilated(mask: Mask): Mask {
  const { columns, rows, cells } = mask;
  const widened = new Map([...new Set(ELLIPSE_HALF_WIDTHS)].map((half) => [half, widenedRows(mask, half)]));
  const output = new Uint8Array(cells.length);
  const reach = ELLIPSE_HALF_WIDTHS.length >> 1;
  for (const [i, half] of ELLIPSE_HALF_WIDTHS.entries()) {
    combine(output, widened.get(half)!, (i - reach) * columns, rows * columns);
  }
  return { columns, rows, cells: output };
}

/** ORs the source, moved by `shift` cells, into the target; four cells at a time where whole rows are multiples of four. */
function combine(target: Uint8Array, source: Uint8Array, shift: number, length: number): void {
  const lanes = shift % 4 === 0 && length % 4 === 0 ? 4 : 1;
  const view = (cells: Uint8Array) => (lanes === 4 ? new Uint32Array(cells.buffer) : cells);
  const [to, from, step] = [view(target), view(source), shift / lanes];
  const end = Math.min(length / lanes, length / lanes - step);
  for (let i = Math.max(0, -step); i < end; i++) to[i]! |= from[i + step]!;
}

/** Each row, its ones widened by `half` cells to both sides; running sums tell whether one is near. */
function widenedRows({ columns, rows, cells }: Mask, half: number): Uint8Array {
  const output = new Uint8Array(cells.length);
  const sums = new Int32Array(columns + 1);
  for (let y = 0; y < rows; y++) {
    const row = y * columns;
    for (let x = 0; x < columns; x++) sums[x + 1] = sums[x]! + cells[row + x]!;
    for (let x = 0; x < columns; x++) {
      const near = sums[Math.min(columns, x + half + 1)]! - sums[Math.max(0, x - half)]!;
      output[row + x] = near > 0 ? 1 : 0;
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

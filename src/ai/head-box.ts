import { largestPart, maskOf, opened } from "./bit-mask.ts";
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

/** Grey levels are whole numbers, as in the 8-bit images on which the box was tuned. */
const LEVEL_TABLE = windowTable(SEARCH_WINDOW).map((share) => Math.round(share * GREY_LEVELS));

/** Finds the head in slices of one size: the largest connected thing denser than water; null when there is none. */
export function headFinder(rows: number, columns: number): (hu: Int16Array) => HeadBox | null {
  const scale = Math.min(1, SEARCH_SIZE / Math.max(rows, columns));
  const alongX = areaFilter(columns, Math.round(columns * scale));
  const alongY = areaFilter(rows, Math.round(rows * scale));
  return (hu) => {
    const levels = resample({ pixels: hu, columns, table: LEVEL_TABLE }, alongX, alongY);
    return headIn(levels, alongX.rows.length, scale);
  };
}

function headIn(levels: Float32Array, columns: number, scale: number): HeadBox | null {
  // Opening cuts off the head holder and thin straps.
  const head = largestPart(opened(maskOf(levels, columns, HEAD_ABOVE_LEVEL)));
  if (head === null || head.cells < SMALLEST_HEAD_PIXELS) return null;
  const boxWidth = head.right - head.left + 1;
  const boxHeight = head.bottom - head.top + 1;
  return {
    centreX: (head.left + boxWidth / 2) / scale,
    centreY: (head.top + boxHeight / 2) / scale,
    width: boxWidth / scale,
    height: boxHeight / scale,
  };
}

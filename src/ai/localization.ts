import type { Box, Laterality } from "../contract/finding.ts";
import type { HeatMap } from "../contract/heat-map.ts";
import { LABELS, type Label } from "../contract/labels.ts";
import type { Midline } from "./midline.ts";

/** Where in the image a heat map is hot. */

/** Cells at least this hot, compared with the hottest of the slice, belong to the finding. */
const HOT_SHARE = 0.5;
/** Half the width of the middle: the falx and what touches it, and no less than what a cell of the map can tell. */
const MIDLINE_MM = 5;
const CELLS_OF_MIDLINE = 0.55;
/** Heat in the middle beyond this share joins what lies on both sides of it. */
const BRIDGE_SHARE = 0.1;
/** A side with at least this share of what lies off the midline counts. */
const SIDE_SHARE = 0.25;

/** The box around the hot cells that hang together with the hottest one, inside the image; null where there are none. */
export function hotBox(
  heatMap: HeatMap,
  z: number,
  label: Label,
  image: { rows: number; columns: number },
): Box | null {
  const { gridWidth, gridHeight, slices } = heatMap;
  const [left, top, right, bottom] = slices[z]!.area;
  const cells = cellsOf(heatMap, z, label);
  const hottest = cells.indexOf(Math.max(...cells));
  if (cells[hottest] === 0) return null;
  const [minX, minY, maxX, maxY] = extentAround(hottest, cells, gridWidth, gridHeight);
  const cellWidth = (right - left) / gridWidth;
  const cellHeight = (bottom - top) / gridHeight;
  const pixel = (value: number, limit: number) => Math.min(limit, Math.max(0, Math.round(value)));
  const box: Box = [
    pixel(left + minX * cellWidth, image.columns),
    pixel(top + minY * cellHeight, image.rows),
    pixel(left + (maxX + 1) * cellWidth, image.columns),
    pixel(top + (maxY + 1) * cellHeight, image.rows),
  ];
  // The map may reach beyond the image: what is hot only there has no place in it.
  return box[0] < box[2] && box[1] < box[3] ? box : null;
}

/**
 * On which side of the head's own midline the hot cells of these slices lie; null where there is no midline, or where
 * they straddle it unevenly.
 */
export function lateralityOf(heatMap: HeatMap, zs: number[], label: Label, midline: Midline | null): Laterality | null {
  if (midline === null) return null;
  const { gridWidth, gridHeight, slices } = heatMap;
  const heat = { left: 0, middle: 0, right: 0 };
  let moment = 0;
  let middleMm = MIDLINE_MM;
  for (const z of zs) {
    const [left, top, right, bottom] = slices[z]!.area;
    const [cellWidth, cellHeight] = [(right - left) / gridWidth, (bottom - top) / gridHeight];
    const toTheLeftMm = (column: number, row: number) =>
      midline.toTheLeftMm(z, left + (column + 0.5) * cellWidth - 0.5, top + (row + 0.5) * cellHeight - 0.5);
    const across = Math.hypot(toTheLeftMm(1, 0) - toTheLeftMm(0, 0), toTheLeftMm(0, 1) - toTheLeftMm(0, 0));
    middleMm = Math.max(middleMm, CELLS_OF_MIDLINE * across);
    const cells = cellsOf(heatMap, z, label);
    const hottest = Math.max(...cells);
    for (const [index, cell] of cells.entries()) {
      if (cell === 0 || cell < HOT_SHARE * hottest) continue;
      const distanceMm = toTheLeftMm(index % gridWidth, Math.floor(index / gridWidth));
      moment += cell * distanceMm;
      if (Math.abs(distanceMm) <= middleMm) heat.middle += cell;
      else if (distanceMm > 0) heat.left += cell;
      else heat.right += cell;
    }
  }
  const sides = heat.left + heat.right;
  const all = sides + heat.middle;
  if (all === 0) return null;
  const isCentred = Math.abs(moment / all) <= middleMm;
  if (heat.middle > sides) return isCentred ? "midline" : null;
  if (Math.min(heat.left, heat.right) < SIDE_SHARE * sides) {
    return isCentred ? null : heat.left > heat.right ? "left" : "right";
  }
  // Two bleeds leave the middle cold; one that reaches over it does not.
  if (heat.middle <= BRIDGE_SHARE * all) return "bilateral";
  return isCentred ? "midline" : null;
}

function cellsOf({ gridWidth, gridHeight, slices }: HeatMap, z: number, label: Label): Uint8Array {
  const size = gridWidth * gridHeight;
  const index = LABELS.indexOf(label);
  return slices[z]!.cells.subarray(index * size, (index + 1) * size);
}

/** [left, top, right, bottom], in cells, of the hot cells connected with the seed by their sides. */
function extentAround(seed: number, cells: Uint8Array, width: number, height: number): Box {
  const threshold = HOT_SHARE * cells[seed]!;
  const seen = new Set([seed]);
  const extent: Box = [width, height, 0, 0];
  for (const cell of seen) {
    const x = cell % width;
    const y = Math.floor(cell / width);
    extent[0] = Math.min(extent[0], x);
    extent[1] = Math.min(extent[1], y);
    extent[2] = Math.max(extent[2], x);
    extent[3] = Math.max(extent[3], y);
    const neighbours = [
      x > 0 && cell - 1,
      x < width - 1 && cell + 1,
      y > 0 && cell - width,
      y < height - 1 && cell + width,
    ];
    for (const next of neighbours) if (next !== false && cells[next]! >= threshold) seen.add(next);
  }
  return extent;
}

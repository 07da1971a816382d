import type { Box, Laterality } from "../contract/finding.ts";
import type { HeatMap } from "../contract/heat-map.ts";
import { LABELS, type Label } from "../contract/labels.ts";
import type { Orientation } from "../dicom/geometry.ts";

/** Where in the image a heat map is hot. */

/** Cells at least this hot, compared with the hottest of the slice, belong to the finding. */
const HOT_SHARE = 0.5;
/** Half the width of the middle, as a share of the map: the falx and what touches it. */
const MIDLINE_SHARE = 0.05;
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

/** On which side of the head, whose midline is the middle of the map, the hot cells of these slices lie. */
export function lateralityOf(
  heatMap: HeatMap,
  zs: number[],
  label: Label,
  orientation: Orientation,
): Laterality | null {
  const { gridWidth } = heatMap;
  // Columns run towards the patient's left where the row direction has a positive x (PS3.3 C.7.6.2.1.1).
  const towardsLeft = orientation[0] >= 0;
  const heat = { left: 0, middle: 0, right: 0 };
  for (const z of zs) {
    const cells = cellsOf(heatMap, z, label);
    const hottest = Math.max(...cells);
    for (const [index, cell] of cells.entries()) {
      if (cell === 0 || cell < HOT_SHARE * hottest) continue;
      const offset = ((index % gridWidth) + 0.5) / gridWidth - 0.5;
      if (Math.abs(offset) <= MIDLINE_SHARE) heat.middle += cell;
      else if (offset > 0 === towardsLeft) heat.left += cell;
      else heat.right += cell;
    }
  }
  const sides = heat.left + heat.right;
  if (sides + heat.middle === 0) return null;
  if (heat.middle > sides) return "midline";
  if (Math.min(heat.left, heat.right) >= SIDE_SHARE * sides) return "bilateral";
  return heat.left > heat.right ? "left" : "right";
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

import type { HeatMapResource } from "../../../src/contract/heat-map.ts";
import { isHeatVisible, paintHeatGrid } from "../../../src/contract/heat-map-paint.ts";

export { heatMapColors } from "../../../src/contract/heat-map-paint.ts";

type HeatMapSlice = HeatMapResource["slices"][number];

/** @param pixels rows x columns of the image, 255 = probability 1; outside the grid's area they stay 0 */
export function paintHeatMap(
  { gridWidth, gridHeight }: Pick<HeatMapResource, "gridWidth" | "gridHeight">,
  slice: HeatMapSlice,
  columns: number,
  pixels: Uint8Array,
): void {
  paintHeatGrid({ gridWidth, gridHeight, area: slice.area, cells: cellsOf(slice) }, columns, pixels);
}

/** Whether any of it would be seen. */
export function isVisible({ slices }: HeatMapResource): boolean {
  return slices.some((slice) => isHeatVisible(cellsOf(slice)));
}

function cellsOf(slice: HeatMapSlice): Uint8Array {
  return Uint8Array.from(atob(slice.cells), (character) => character.charCodeAt(0));
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { heatMapColors, isVisible, paintHeatMap } from "../../ohif-extension/src/viewport/heat-map-raster.ts";

type Area = [number, number, number, number];

const IMAGE = { seriesInstanceUid: "1", sopInstanceUid: "1.2", frameNumber: null };
const COLUMNS = 12;
const ROWS = 8;

/** Paints a grid on an image of 12 x 8 pixels and gives the rows of pixels. */
function painted(cells: number[], gridWidth: number, area: Area): number[][] {
  const grid = { gridWidth, gridHeight: cells.length / gridWidth };
  const slice = { ...IMAGE, area, cells: Buffer.from(cells).toString("base64") };
  const pixels = new Uint8Array(ROWS * COLUMNS);
  paintHeatMap(grid, slice, COLUMNS, pixels);
  return Array.from({ length: ROWS }, (_, row) => [...pixels.subarray(row * COLUMNS, (row + 1) * COLUMNS)]);
}

test("an even heat map stays even inside its area and leaves the rest of the image untouched", () => {
  const rows = painted([200, 200, 200, 200], 2, [2, 1, 10, 5]);
  for (const [y, row] of rows.entries()) {
    for (const [x, value] of row.entries()) {
      const inside = x >= 2 && x < 10 && y >= 1 && y < 5;
      assert.equal(value, inside ? 200 : 0, `pixel ${x}, ${y}`);
    }
  }
});

test("values rise evenly from the centre of one cell to the centre of the next", () => {
  // Two cells of four pixels: centres between pixels 1 and 2, and between 5 and 6.
  const [row] = painted([0, 200], 2, [0, 0, 8, 8]);
  assert.deepEqual(row!.slice(0, 8), [0, 0, 25, 75, 125, 175, 200, 200]);
});

test("the first row of cells lies at the top", () => {
  const rows = painted([0, 200], 1, [0, 0, 8, 8]);
  assert.deepEqual(
    rows.map((row) => row[3]),
    [0, 0, 25, 75, 125, 175, 200, 200],
  );
});

test("an area that reaches beyond the image is cut off, not squeezed", () => {
  // Cells of four pixels from -4 to 12: the image begins with the second cell.
  const [row] = painted([0, 100, 200, 200], 4, [-4, 0, 12, 8]);
  assert.deepEqual(row!.slice(0, 4), [63, 88, 113, 138]);
});

test("small probabilities are transparent, and opacity rises with probability", () => {
  const colors = heatMapColors();
  assert.equal(colors.length, 256);
  assert.deepEqual(colors[0], [0, 0, 0, 0]);
  assert.equal(colors[40]![3], 0);
  const opacities = colors.map(([, , , alpha]) => alpha);
  assert.deepEqual(
    opacities,
    opacities.toSorted((a, b) => a - b),
  );
  assert.equal(colors[255]![3], 255);
});

test("a heat map of small probabilities only is known to be invisible", () => {
  const heatMap = (cell: number) => ({
    label: "any" as const,
    seriesInstanceUid: "1.2",
    gridWidth: 2,
    gridHeight: 1,
    slices: [{ ...IMAGE, area: [0, 0, 8, 8] as Area, cells: Buffer.from([3, cell]).toString("base64") }],
  });
  assert.equal(isVisible(heatMap(40)), false);
  assert.equal(isVisible(heatMap(60)), true);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { CtSlice } from "../../src/dicom/slice.ts";
import { smallSlice, withHeat } from "../../src/triage/preview/small-slice.ts";
import { evenSlices } from "../support/volumes.ts";

const SIDE = 256;
const AIR_HU = -1000;
const BRAIN_HU = 40;
const BONE_HU = 900;

/** A head of this many pixels, drawn in HU by its distance in mm from the middle. */
function drawn(rows: number, columns: number, spacingMm: [number, number], huAtMm: (mm: number) => number): CtSlice {
  const [slice] = evenSlices([0], { size: 4, pixelSpacingMm: 1 });
  const hu = Int16Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return huAtMm(Math.hypot((row - (rows - 1) / 2) * spacingMm[0], (column - (columns - 1) / 2) * spacingMm[1]));
  });
  const header = { ...slice!.header, rows, columns, pixelSpacingMm: spacingMm };
  return { ...slice!, header, rows, columns, hu };
}

const head = (mm: number) => (mm > 80 ? AIR_HU : mm > 72 ? BONE_HU : BRAIN_HU);
const extent = (isIn: (index: number) => boolean) => {
  const indices = Array.from({ length: SIDE }, (_, i) => i).filter(isIn);
  return indices.length === 0 ? 0 : indices.at(-1)! - indices[0]! + 1;
};

for (const [what, rows, columns, spacingMm] of [
  ["square pixels", 400, 400, [0.5, 0.5]],
  ["pixels twice as high as wide", 200, 400, [1, 0.5]],
  ["fewer pixels than the preview", 100, 100, [2, 2]],
] as const) {
  test(`a round head stays round, and as large as it is, with ${what}`, () => {
    const { grey } = smallSlice(drawn(rows, columns, [...spacingMm], head));
    const wide = extent((x) => grey[128 * SIDE + x]! > 127);
    const high = extent((y) => grey[y * SIDE + 128]! > 127);
    const expected = (160 / 200) * SIDE;
    assert.ok(Math.abs(wide - expected) <= 4 && Math.abs(high - expected) <= 4, `${wide} x ${high}`);
    assert.ok(Math.abs(grey[128 * SIDE + 128]! - 128) <= 1, "40 HU is the middle of the brain window");
  });
}

test("an image that is not square gets black bars, and nothing is cut off", () => {
  const { grey } = smallSlice(drawn(200, 400, [0.5, 0.5], () => BRAIN_HU));
  assert.deepEqual([grey[0], grey[63 * SIDE + 5], grey[193 * SIDE + 5]], [0, 0, 0]);
  assert.ok(grey[66 * SIDE]! > 100 && grey[189 * SIDE + 255]! > 100);
});

test("the heat map lies where the grid says, within the skull only", () => {
  const small = smallSlice(drawn(400, 400, [0.5, 0.5], head));
  const colored = (grid: Parameters<typeof withHeat>[1]) => {
    const pixels = withHeat(small, grid);
    return (x: number, y: number) => {
      const [red, green] = pixels.subarray((y * SIDE + x) * 3);
      return red !== green;
    };
  };
  const everywhere = colored({ gridWidth: 1, gridHeight: 1, area: [0, 0, 400, 400], cells: new Uint8Array([255]) });
  assert.deepEqual([everywhere(128, 128), everywhere(128, 31), everywhere(3, 3)], [true, false, false]);
  const leftHalf = colored({ gridWidth: 2, gridHeight: 1, area: [0, 0, 400, 400], cells: new Uint8Array([255, 0]) });
  assert.deepEqual([leftHalf(64, 128), leftHalf(192, 128)], [true, false]);
});

test("without a skull to be seen the heat map is left as it is", () => {
  const small = smallSlice(drawn(400, 400, [0.5, 0.5], () => BRAIN_HU));
  assert.ok(small.inside.every((value) => value === 1));
});

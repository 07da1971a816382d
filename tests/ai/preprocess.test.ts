import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { headFinder } from "../../src/ai/head-box.ts";
import type { Manifest } from "../../src/ai/manifest.ts";
import { Preprocessor } from "../../src/ai/preprocess.ts";
import {
  type AxisFilter,
  areaFilter,
  bilinearFilter,
  composed,
  gaussianFilter,
  interpolationFilter,
  resample,
  reversed,
} from "../../src/ai/resample.ts";
import { windowTable } from "../../src/ai/window.ts";
import type { Orientation } from "../../src/dicom/geometry.ts";
import { averageSlabs, withBleed } from "../../src/phantom/hu-volume.ts";
import { headPhantom } from "../../src/phantom/phantoms.ts";
import { storedAs } from "../../src/phantom/pose.ts";
import { decodedSlices, halved, volumeOf } from "../support/volumes.ts";

const IDENTITY = Float32Array.from({ length: 65536 }, (_, i) => i - 32768);

/** One line of pixels through a filter. */
function filtered(filter: AxisFilter, line: number[]): number[] {
  const image = { pixels: Int16Array.from(line), columns: line.length, table: IDENTITY };
  return [...resample(image, filter, bilinearFilter(1, 1))].map((value) => Number(value.toFixed(4)));
}

describe("a filter", () => {
  test("averages over areas, whole and broken", () => {
    assert.deepEqual(filtered(areaFilter(4, 2), [10, 20, 30, 50]), [15, 40]);
    assert.deepEqual(filtered(areaFilter(3, 2), [30, 60, 90]), [40, 80]);
  });

  test("interpolates between pixels, and sees zero outside where it should", () => {
    assert.deepEqual(filtered(interpolationFilter(3, 4, -0.5, 1), [40, 80, 120]), [20, 60, 100, 60]);
    assert.deepEqual(filtered(bilinearFilter(2, 4), [0, 100]), [0, 25, 75, 100]);
    assert.deepEqual(filtered(areaFilter(2, 4), [0, 100]), [0, 25, 75, 100]);
    assert.deepEqual(filtered(interpolationFilter(3, 2, 10, 1), [40, 80, 120]), [0, 0]);
  });

  test("blurs as OpenCV does, which mirrors at the edges", () => {
    const line = [100, 50, 0, 0, 0, 0, 0, 30];
    assert.deepEqual(
      filtered(gaussianFilter(8, 0.8), line),
      [72.6987, 48.8604, 13.6286, 1.1396, 0.0353, 0.6573, 6.8493, 14.9603],
    );
    assert.deepEqual(filtered(gaussianFilter(5, 0.8), [7, 7, 7, 7, 7]), [7, 7, 7, 7, 7]);
  });

  test("may be composed and reversed", () => {
    const line = [3, 9, 27, 81, 243, 100, 0, 5];
    const [blur, halve] = [gaussianFilter(8, 1), areaFilter(8, 4)];
    const inTwoSteps = filtered(
      halve,
      filtered(blur, line).map((value) => Math.round(value * 100)),
    ).map((value) => value / 100);
    for (const [i, value] of filtered(composed(blur, halve), line).entries()) {
      assert.ok(Math.abs(value - inTwoSteps[i]!) < 0.02, `${value} at ${i}`);
    }
    assert.deepEqual(filtered(reversed(halve), line), filtered(halve, line).toReversed());
  });

  test("works along both axes of an image", () => {
    const pixels = Int16Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
    const halved = resample({ pixels, columns: 4, table: IDENTITY }, areaFilter(4, 2), areaFilter(4, 2));
    assert.deepEqual([...halved], [3.5, 5.5, 11.5, 13.5]);
  });
});

test("a window runs from black to white and is clipped at both", () => {
  const table = windowTable({ center: 40, width: 80 });
  const shares = [-1000, 0, 20, 80, 3000].map((hu) => table[hu + 32768]);
  assert.deepEqual(shares, [0, 0, 0.25, 1, 1]);
});

describe("the head", () => {
  const { hu, rows, columns } = headPhantom();
  const slice = hu.slice(15 * rows * columns, 16 * rows * columns);
  const findHead = headFinder(rows, columns);

  test("is found in a slice", () => {
    const box = findHead(slice)!;
    assert.ok(Math.abs(box.centreX - 128) < 2 && Math.abs(box.centreY - 128) < 2);
    assert.ok(Math.abs(box.width - 160) < 8 && Math.abs(box.height - 200) < 8);
  });

  test("is found beside a head holder, noise and a loose strap", () => {
    const crowded = slice.slice();
    for (let x = 20; x < 236; x++) for (let y = 244; y < 250; y++) crowded[y * columns + x] = 200;
    for (let y = 100; y < 150; y++) for (let x = 210; x < 250; x++) if ((x + y) % 9 < 4) crowded[y * columns + x] = 80;
    assert.deepEqual(findHead(crowded), findHead(slice));
  });

  test("is found at the same place in a slice of twice the size", () => {
    const large = new Int16Array(4 * slice.length);
    for (let i = 0; i < large.length; i++) {
      const [x, y] = [i % (2 * columns), Math.floor(i / (2 * columns))];
      large[i] = slice[(y >> 1) * columns + (x >> 1)]!;
    }
    const box = findHead(slice)!;
    assert.deepEqual(headFinder(2 * rows, 2 * columns)(large), {
      centreX: 2 * box.centreX,
      centreY: 2 * box.centreY,
      width: 2 * box.width,
      height: 2 * box.height,
    });
  });

  test("is not found in air", () => {
    assert.equal(findHead(new Int16Array(slice.length).fill(-1000)), null);
  });
});

describe("an input image", () => {
  const input: Manifest["input"] = {
    name: "image",
    width: 160,
    height: 160,
    layout: "NCHW",
    crop: "head",
    channels: [{ slice: 0, window: { center: 40, width: 120 } }],
    normalize: { mean: [0], std: [1] },
    resize: "area",
  };
  const head = averageSlabs(headPhantom(), 2);
  const meanDifference = (a: Float32Array, b: Float32Array) =>
    a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;

  test("shows the same of the head though the slices change their grid on the way", async () => {
    const [fine, coarse] = [decodedSlices(head), decodedSlices(halved(head))];
    const mixed = volumeOf(fine.map((slice, z) => (z < 8 ? slice : coarse[z]!)));
    assert.equal(mixed.slices.length, 15);
    const threeChannels = { ...input, channels: [-1, 0, 1].map((slice) => ({ ...input.channels[0]!, slice })) };
    const [even, uneven] = [
      await Preprocessor.plan(volumeOf(fine), threeChannels),
      await Preprocessor.plan(mixed, threeChannels),
    ];
    for (const z of [3, 7, 8, 11]) {
      assert.ok(meanDifference(even.image(z, false), uneven.image(z, false)) < 0.02, `slice ${z}`);
    }
    for (const [i, edge] of uneven.area(11).entries()) assert.ok(Math.abs(edge - even.area(11)[i]! / 2) < 2);
  });

  test("shows the face on top and the right side on the left, however the slice is stored", async () => {
    const right = withBleed(head, { centre: [95, 110, 7], halfAxes: [14, 10, 3], hu: 70 });
    const upright = (await Preprocessor.plan(volumeOf(decodedSlices(right)), input)).image(7, false);
    const mirrored = (await Preprocessor.plan(volumeOf(decodedSlices(right)), input)).image(7, true);
    assert.ok(meanDifference(upright, mirrored) > 0.01);
    for (const sign of [
      [1, -1],
      [-1, 1],
      [-1, -1],
      [1, 1],
    ] as const) {
      for (const orientation of [
        [sign[0], 0, 0, 0, sign[1], 0],
        [0, sign[0], 0, sign[1], 0, 0],
      ] as Orientation[]) {
        const stored = volumeOf(decodedSlices(storedAs(right, orientation), {}, { orientation }));
        const image = (await Preprocessor.plan(stored, input)).image(7, false);
        assert.ok(meanDifference(upright, image) < 0.002, String(orientation));
      }
    }
  });
});

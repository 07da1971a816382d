import assert from "node:assert/strict";
import { test } from "node:test";
import { notSeenOf } from "../../src/contract/warning.ts";
import type { CtSlice } from "../../src/dicom/slice.ts";
import { planVolumes } from "../../src/dicom/volume.ts";
import { series } from "../support/series-headers.ts";

/**
 * Stacks as RSNA's 2,214 test series have them, of which the headers tell nothing but the geometry. Steps between the
 * slices in mm and how often; 0 = another image of the same place.
 */
const STACKS: [what: string, steps: [mm: number, times: number][], volumes: number[], notSeen: string[]][] = [
  ["evenly spaced", [[5, 31]], [32], []],
  [
    "a fine base below a coarse vault",
    [
      [2.5, 28],
      [5, 19],
    ],
    [48],
    [],
  ],
  [
    "the same with a seam",
    [
      [2.5, 23],
      [1.2, 1],
      [5, 23],
    ],
    [48],
    [],
  ],
  ["a part scanned anew at the same places", [[5, 4], ...anew(5, 28), [5, 4]], [37, 28], []],
  [
    "a part scanned anew between the places",
    [
      [5, 7],
      [0.4, 1],
      [4.6, 1],
      [0.2, 1],
      [4.8, 23],
    ],
    [34],
    [],
  ],
  [
    "a missing slice",
    [
      [2.5, 16],
      [5, 3],
      [10, 1],
      [5, 18],
    ],
    [39],
    ["gap of 10 mm"],
  ],
  [
    "three slices of something else",
    [
      [5, 3],
      [143.9, 1],
      [5, 32],
    ],
    [37],
    ["gap of 143.9 mm"],
  ],
];

/** Two images at each of so many places. */
function anew(mm: number, places: number): [number, number][] {
  return Array.from({ length: places }, (): [number, number][] => [
    [0, 1],
    [mm, 1],
  ]).flat();
}

function slicesOf(steps: [number, number][]): CtSlice[] {
  const heights = [0];
  for (const [mm, times] of steps) for (let i = 0; i < times; i++) heights.push(heights.at(-1)! + mm);
  const headers = series({ is: "", slices: heights.length, frameOfReferenceUid: "", seriesNumber: null });
  return headers.map((header, z) => ({
    header: { ...header, sliceThicknessMm: null, instanceNumber: null, imagePositionMm: [-115, -115, heights[z]!] },
    file: null,
    rows: 512,
    columns: 512,
    hu: new Int16Array(0),
    windowHu: null,
  }));
}

for (const [what, steps, sizes, notSeen] of STACKS) {
  test(`without times and thicknesses, ${what}: every image is read`, () => {
    const volumes = planVolumes(slicesOf(steps), { minSlices: 8 });
    assert.deepEqual(
      volumes.map(({ slices }) => slices.length),
      sizes,
    );
    assert.deepEqual(
      volumes.flatMap(({ warnings }) => notSeenOf(warnings)),
      notSeen,
    );
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { largestPart, maskOf, opened } from "../../src/ai/bit-mask.ts";
import { seededRandom } from "../support/encoded-frames.ts";

/** Cell by cell, as the masks are meant. */
const ELLIPSE_HALF_WIDTHS = [0, 2, 3, 3, 3, 2, 0];

function widened(inside: (x: number, y: number) => boolean): (x: number, y: number) => boolean {
  return (x, y) =>
    ELLIPSE_HALF_WIDTHS.some((half, row) =>
      Array.from({ length: 2 * half + 1 }, (_, i) => inside(x + i - half, y + row - 3)).some(Boolean),
    );
}

function randomImage(columns: number, rows: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  const values = new Float32Array(columns * rows);
  for (let part = 0; part < 12; part++) {
    const [left, top] = [random() * columns, random() * rows];
    const [width, height] = [(random() * columns) / 2, (random() * rows) / 2];
    for (let y = Math.floor(top); y < Math.min(rows, top + height); y++) {
      for (let x = Math.floor(left); x < Math.min(columns, left + width); x++) values[y * columns + x] = 1;
    }
  }
  return values;
}

for (const [columns, rows] of [
  [64, 20],
  [33, 40],
  [31, 9],
  [100, 50],
] as const) {
  test(`a mask of ${columns} x ${rows} is opened and taken apart as cell by cell`, () => {
    const values = randomImage(columns, rows, columns);
    const within = (x: number, y: number) => x >= 0 && y >= 0 && x < columns && y < rows;
    const touchesOutside = widened((x, y) => within(x, y) && values[y * columns + x] === 0);
    const left = widened((x, y) => within(x, y) && !touchesOutside(x, y));
    const mask = opened(maskOf(values, columns, 0.5));
    const cells = Array.from({ length: columns * rows }, (_, i) => [i % columns, Math.floor(i / columns)] as const);
    const isSet = (x: number, y: number) => ((mask.words[y * mask.wordsPerRow + (x >> 5)]! >>> (x & 31)) & 1) === 1;
    for (const [x, y] of cells) assert.equal(isSet(x, y), left(x, y), `${x}, ${y}`);

    const parts = new Map<string, number>();
    const seen = new Set<string>();
    for (const [x, y] of cells) {
      const stack = [[x, y] as const];
      const part: (readonly [number, number])[] = [];
      for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
        const [i, j] = at;
        if (!within(i, j) || !left(i, j) || seen.has(`${at}`)) continue;
        seen.add(`${at}`);
        part.push(at);
        stack.push([i - 1, j], [i + 1, j], [i, j - 1], [i, j + 1]);
      }
      const [xs, ys] = [part.map(([i]) => i), part.map(([, j]) => j)];
      if (part.length > 0)
        parts.set(`${[Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]}`, part.length);
    }
    const found = largestPart(mask);
    const [box, size] = [...parts].sort((a, b) => b[1] - a[1])[0] ?? ["", 0];
    assert.equal(found?.cells ?? 0, size);
    assert.equal(found === null ? "" : `${[found.left, found.right, found.top, found.bottom]}`, box);
  });
}

test("nothing in a mask has no largest part", () => {
  assert.equal(largestPart(maskOf(new Float32Array(64), 8, 1)), null);
});

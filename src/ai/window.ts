import type { CtWindow } from "../contract/window.ts";

/** For every possible HU value h, at index h + 32768, its share of the window, 0 to 1. */
export function windowTable({ center, width }: CtWindow): Float32Array {
  const lowest = center - width / 2;
  const table = new Float32Array(65536);
  for (let i = 0; i < table.length; i++) table[i] = Math.min(1, Math.max(0, (i - 32768 - lowest) / width));
  return table;
}

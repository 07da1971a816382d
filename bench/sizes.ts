import type { Benchmark } from "./benchmark.ts";
import { HEAD_MM, writeEnhancedHead, writeHead } from "./heads.ts";
import { rowOf, type ScoredHead, scoredHead } from "./scored-head.ts";
import { printTable } from "./table.ts";

const CASES: { what: string; write(folder: string): void }[] = [
  { what: "one object of 400 frames", write: (folder) => writeEnhancedHead(folder, 400) },
  { what: "one object of 1,000 frames", write: (folder) => writeEnhancedHead(folder, 1000) },
  {
    what: "2,000 slices, 5 mm apart",
    write: (folder) => writeHead(folder, { slices: 2000, spacingMm: 5 }),
  },
  {
    what: "2,000 thin slices in any order",
    write: (folder) => writeHead(folder, { slices: 2000, spacingMm: HEAD_MM / 2000, shuffled: true }),
  },
  {
    what: "4 heads of 34 slices",
    write: (folder) => {
      for (const head of [1, 2, 3, 4]) writeHead(folder, { slices: 34, spacingMm: 5, series: `head-${head}` });
    },
  },
];

/** Studies of odd sizes, some of which no scanner makes: what they take before they are read or refused. */
export const sizes: Benchmark = {
  about: "vigil score of studies of odd sizes: 400 frames, 10 m of slices, any order, four heads",
  async run() {
    const heads: ScoredHead[] = [];
    for (const { what, write } of CASES) heads.push(await scoredHead(what, 1, write));
    printTable(heads.map(rowOf));
    return heads;
  },
};

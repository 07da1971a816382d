import type { Benchmark } from "./benchmark.ts";
import { HEAD_MM, writeHead } from "./heads.ts";
import { rowOf, type ScoredHead, scoredHead } from "./scored-head.ts";
import { printTable } from "./table.ts";

const CASES = [
  { slices: 34, runs: 7 },
  { slices: 600, runs: 3 },
  { slices: 2000, runs: 1 },
];
const MOST_MIB = 1024;

/** `vigil score` of a head in few, many and very many slices. */
export const memory: Benchmark = {
  about: "vigil score of a head in 34, 600 and 2,000 slices: time and memory of the whole process",
  async run() {
    const heads: ScoredHead[] = [];
    for (const { slices, runs } of CASES) {
      const spacingMm = slices === 34 ? 5 : HEAD_MM / slices;
      const what = `${slices} slices, ${spacingMm.toFixed(2)} mm`;
      heads.push(await scoredHead(what, runs, (folder) => writeHead(folder, { slices, spacingMm })));
    }
    printTable(heads.map(rowOf));
    const peak = heads.at(-1)!.peakRssMib;
    const held = peak === null ? "not known here" : peak < MOST_MIB ? "held" : "missed";
    process.stdout.write(`  under ${MOST_MIB} MiB at 2,000 slices: ${held}\n`);
    return heads;
  },
};

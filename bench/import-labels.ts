import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { LABELS } from "../src/contract/labels.ts";
import type { Benchmark } from "./benchmark.ts";
import { printTable } from "./table.ts";
import { type ProcessCost, repeated, runScript } from "./whole-process.ts";

/** Stage 1 and stage 2 of the RSNA collection. */
const CASES = [674_258, 752_803];
const RUNS = 3;
const MOST_MIB = 1024;
const MOST_S = 60;

/** `vigil dataset import-rsna` of label files as long as the real ones, in Kaggle's form; the labels are made up. */
export const importLabels: Benchmark = {
  about: "vigil dataset import-rsna of the labels of 674,258 and 752,803 images: time and memory of the whole process",
  async run() {
    const folder = mkdtempSync(path.join(tmpdir(), "vigil-bench-"));
    try {
      const figures = [];
      for (const images of CASES) {
        const file = path.join(folder, `${images}.csv`);
        await pipeline(Readable.from(rows(images)), createWriteStream(file));
        const script = () => runScript("src/cli.ts", ["dataset", "import-rsna", file, "--json"]);
        const { stdout, ...cost } = await repeated(RUNS, script);
        figures.push({ images, runs: RUNS, ...cost });
      }
      printTable(figures.map(rowOf));
      return figures;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function* rows(images: number): Generator<string> {
  yield "ID,Label\n";
  for (let i = 0; i < images; i++) {
    const id = `ID_${i.toString(16).padStart(9, "0")}`;
    yield LABELS.map((label) => `${id}_${label},${i % 7 === 0 ? 1 : 0}\n`).join("");
  }
}

type Figures = Omit<ProcessCost, "stdout"> & { images: number; runs: number };

function rowOf({ images, runs, wallS, cpuS, peakRssMib }: Figures) {
  const held = wallS < MOST_S && (peakRssMib ?? Number.POSITIVE_INFINITY) < MOST_MIB;
  return {
    "": `labels of ${images} images`,
    runs,
    "wall s": wallS.toFixed(1),
    "CPU s": cpuS?.toFixed(1) ?? "?",
    "peak RSS MiB": peakRssMib?.toFixed(0) ?? "?",
    [`under ${MOST_S} s and ${MOST_MIB} MiB`]: held ? "yes" : "no",
  };
}

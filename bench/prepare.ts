import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { datasetOfObjects } from "../tests/support/objects-dataset.ts";
import type { Benchmark } from "./benchmark.ts";
import { writeHead } from "./heads.ts";
import type { PrepareFigures } from "./prepare-figures.ts";
import { prepareWithPython } from "./prepare-python.ts";
import { printTable } from "./table.ts";
import { runScript } from "./whole-process.ts";

const HEADS = 12;
const SLICES = 34;
const RUNS = 3;

const answerSchema = z.object({ index: z.object({ rows: z.number() }) });

/** From DICOM to `.npy`, beside pydicom, numpy and OpenCV doing the same; one thread each. */
export const prepare: Benchmark = {
  about: "from DICOM to .npy with one thread: vigil dataset prepare, and pydicom, numpy and OpenCV",
  async run() {
    const folder = mkdtempSync(path.join(tmpdir(), "vigil-bench-"));
    try {
      const dataset = path.join(folder, "dataset");
      const files = await writeDataset(dataset, path.join(folder, "heads"));
      const figures = [await vigil(dataset), prepareWithPython(files, path.join(folder, "python"), RUNS)];
      printTable(figures.flatMap((one) => (one === null ? [] : rowOf(one))));
      return figures;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** @returns the folder of the same files */
async function writeDataset(dataset: string, heads: string): Promise<string> {
  for (let head = 1; head <= HEADS; head++) writeHead(heads, { slices: SLICES, spacingMm: 5, series: `head-${head}` });
  mkdirSync(dataset);
  await datasetOfObjects(
    dataset,
    readdirSync(heads).map((name) => readFileSync(path.join(heads, name))),
  );
  return heads;
}

async function vigil(dataset: string): Promise<PrepareFigures> {
  const costs = [];
  for (let run = 0; run <= RUNS; run++) {
    rmSync(path.join(dataset, "prepared"), { recursive: true, force: true });
    costs.push(await runScript("src/cli.ts", ["dataset", "prepare", dataset, "--threads", "1", "--json"]));
  }
  // The first one compiled the code.
  const [best] = costs.slice(1).sort((a, b) => (a.cpuS ?? 0) - (b.cpuS ?? 0));
  const { rows } = answerSchema.parse(JSON.parse(best!.stdout)).index;
  return {
    what: "vigil dataset prepare",
    slices: rows,
    cpuS: best!.cpuS ?? Number.NaN,
    wallS: best!.wallS,
    peakRssMib: best!.peakRssMib,
  };
}

function rowOf({ what, slices, cpuS, wallS, peakRssMib }: PrepareFigures) {
  return {
    "": what,
    slices,
    "CPU ms a slice": ((1000 * cpuS) / slices).toFixed(2),
    "slices/s a core": (slices / cpuS).toFixed(0),
    "wall s": wallS.toFixed(2),
    "peak RSS MiB": peakRssMib?.toFixed(0) ?? "?",
  };
}

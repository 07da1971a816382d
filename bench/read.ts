import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { InstanceReader } from "../src/dicom/instance-reader.ts";
import { readSlices } from "../src/dicom/slice.ts";
import type { Benchmark } from "./benchmark.ts";
import { writeHead } from "./heads.ts";
import { readWithPydicom } from "./pydicom.ts";
import type { ReadFigures } from "./read-figures.ts";
import { printTable } from "./table.ts";

const SLICES = 200;
const UNDER_WAY = 4;

const ROUNDS = 5;

/** From file to Hounsfield units, in this thread, in threads of their own, and with pydicom and numpy. */
export const read: Benchmark = {
  about: "from file to Hounsfield units: in the main thread, in threads, and with pydicom and numpy",
  async run() {
    const folder = mkdtempSync(path.join(tmpdir(), "vigil-bench-"));
    try {
      writeHead(folder, { slices: SLICES, spacingMm: 0.8 });
      const files = readdirSync(folder).map((name) => path.join(folder, name));
      // Once before all, so that every first round finds the files in memory.
      for (const file of files) await readFile(file);
      const figures = [await inThreads(files), await inMainThread(files), readWithPydicom(folder, ROUNDS)];
      printTable(figures.flatMap((it) => (it === null ? [] : rowOf(it))));
      return figures;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function inMainThread(files: string[]): Promise<ReadFigures> {
  return timed("main thread", async () => {
    for (const file of files) await readSlices({ bytes: await readFile(file), file });
  });
}

async function inThreads(files: string[]): Promise<ReadFigures> {
  let reader: InstanceReader | undefined;
  try {
    return await timed("InstanceReader, its start in the first", async () => {
      reader ??= await InstanceReader.start();
      const waiting = files.values();
      const readAll = async () => {
        for (const file of waiting) await reader!.read({ bytes: await readFile(file), file });
      };
      await Promise.all(Array.from({ length: UNDER_WAY }, readAll));
    });
  } finally {
    await reader?.stop();
  }
}

async function timed(what: string, work: () => Promise<void>): Promise<ReadFigures> {
  const rounds: { ms: number; cpuMs: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [startedAt, before] = [performance.now(), process.cpuUsage()];
    await work();
    const { user, system } = process.cpuUsage(before);
    rounds.push({ ms: performance.now() - startedAt, cpuMs: (user + system) / 1000 });
  }
  return {
    what,
    firstMs: rounds[0]!.ms,
    bestMs: Math.min(...rounds.map(({ ms }) => ms)),
    firstCpuMs: rounds[0]!.cpuMs,
    bestCpuMs: Math.min(...rounds.map(({ cpuMs }) => cpuMs)),
  };
}

function rowOf({ what, firstMs, bestMs, firstCpuMs, bestCpuMs }: ReadFigures) {
  const perSlice = (ms: number) => (ms / SLICES).toFixed(2);
  return {
    "ms a slice": what,
    "first, wall": perSlice(firstMs),
    "first, CPU": perSlice(firstCpuMs),
    "best, wall": perSlice(bestMs),
    "best, CPU": perSlice(bestCpuMs),
  };
}

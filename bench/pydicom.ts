import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { CACHE_DIR } from "../src/installation.ts";
import type { ReadFigures } from "./read-figures.ts";

/** The same reading in Python, for comparison. */

const PYTHON = path.join(CACHE_DIR, "bench", "python");

const SCRIPT = `
import json, os, sys, time
import numpy, pydicom
folder, rounds = sys.argv[1], int(sys.argv[2])
files = sorted(os.path.join(folder, name) for name in os.listdir(folder))
figures = []
for _ in range(rounds):
    wall, cpu = time.perf_counter(), time.process_time()
    for file in files:
        dataset = pydicom.dcmread(file)
        hu = dataset.pixel_array.astype(numpy.float32) * float(dataset.RescaleSlope) + float(dataset.RescaleIntercept)
        hu = hu.astype(numpy.int16)
    figures.append([(time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000])
print(json.dumps({"versions": f"pydicom {pydicom.__version__}, numpy {numpy.__version__}", "rounds": figures}))
`;

const answerSchema = z.object({
  versions: z.string(),
  rounds: z.array(z.tuple([z.number(), z.number()])).min(1),
});

/** null, and a word on stderr, where Python or its packages cannot be had. */
export function readWithPydicom(folder: string, rounds: number): ReadFigures | null {
  const python = pythonWith(["pydicom", "numpy"]);
  const done =
    python === undefined ? undefined : spawnSync(python, ["-c", SCRIPT, folder, String(rounds)], { encoding: "utf8" });
  if (done?.status !== 0) {
    process.stderr.write("  pydicom is left out: python3, or its packages pydicom and numpy, cannot be had\n");
    return null;
  }
  const answer = answerSchema.parse(JSON.parse(done.stdout));
  const [walls, cpus] = [answer.rounds.map(([wall]) => wall), answer.rounds.map(([, cpu]) => cpu)];
  return {
    what: answer.versions,
    firstMs: walls[0]!,
    bestMs: Math.min(...walls),
    firstCpuMs: cpus[0]!,
    bestCpuMs: Math.min(...cpus),
  };
}

/** A Python of our own with these packages; undefined where they cannot be had. */
export function pythonWith(packages: string[]): string | undefined {
  const python = path.join(PYTHON, "bin", "python3");
  const made = existsSync(python) || succeeds("python3", ["-m", "venv", PYTHON]);
  return made && succeeds(python, ["-m", "pip", "install", "-q", ...packages]) ? python : undefined;
}

function succeeds(program: string, args: string[]): boolean {
  return spawnSync(program, args, { stdio: ["ignore", "ignore", "inherit"] }).status === 0;
}

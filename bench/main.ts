import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { CACHE_DIR } from "../src/installation.ts";
import type { Benchmark } from "./benchmark.ts";
import { decode } from "./decode.ts";
import { importLabels } from "./import-labels.ts";
import { machine } from "./machine.ts";
import { memory } from "./memory.ts";
import { prepare } from "./prepare.ts";
import { preview } from "./preview.ts";
import { read } from "./read.ts";
import { sizes } from "./sizes.ts";
import { worklist } from "./worklist.ts";

/**
 * `npm run bench [-- name …]`: lists the benchmarks and runs those that are named, or all. What they measure is kept
 * under .vigil/bench/. They are no tests: nothing passes or fails, and the figures are those of one machine.
 */

const BENCHMARKS: Record<string, Benchmark> = {
  memory,
  sizes,
  decode,
  read,
  import: importLabels,
  prepare,
  preview,
  worklist,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(BENCHMARKS, name));
for (const [name, { about }] of Object.entries(BENCHMARKS)) process.stdout.write(`${name.padEnd(9)} ${about}\n`);
if (unknown.length > 0) {
  process.stderr.write(`there is no benchmark ${unknown.join(", ")}\n`);
  process.exit(2);
}

for (const name of wanted.length > 0 ? wanted : Object.keys(BENCHMARKS)) {
  const where = machine();
  const { cores, processor, loadBefore, node, libraries } = where;
  const versions = Object.entries(libraries).map(([library, version]) => `${library} ${version}`);
  process.stdout.write(
    `\n${name}: ${cores} cores (${processor}), load before ${loadBefore}, Node ${node}, ${versions.join(", ")}\n`,
  );
  const figures = await BENCHMARKS[name]!.run();
  const file = path.join(CACHE_DIR, "bench", `${name}-${where.at.replaceAll(":", "")}.json`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ name, machine: where, figures }, null, 2)}\n`);
  process.stdout.write(`  kept in ${file}\n`);
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { headersFromDataSet } from "../../src/dicom/header.ts";
import { parsePart10 } from "../../src/dicom/part10.ts";
import { readSlices } from "../../src/dicom/slice.ts";
import { VigilError } from "../../src/errors.ts";
import { mutated, originals, randomNumbers, SOURCES } from "../support/mutations.ts";
import { needs } from "../support/shared-data.ts";

/** VIGIL_MUTATIONS=10000 is the long form, VIGIL_MUTATIONS_SEED another run. */
const FILES = Number(process.env.VIGIL_MUTATIONS ?? 1500);
const SEED = Number(process.env.VIGIL_MUTATIONS_SEED ?? 1);
const LONGEST_MS = 2000;
const LARGEST_BYTES = 256 * 1024 * 1024;

const MIB = 1024 * 1024;

interface Outcome {
  code: string;
  ms: number;
  allocatedBytes: number;
}

/** As the scan of a folder reads it, then as a study is read. */
async function read(bytes: Uint8Array): Promise<string> {
  const outcomes = [];
  const beginning = bytes.subarray(0, 65_536);
  for (const step of [
    async () => headersFromDataSet(parsePart10(beginning, "a.dcm", { untilPixels: true }), "a.dcm"),
    async () => {
      for (const { hu, rows, columns } of await readSlices({ bytes, file: "a.dcm" }))
        assert.equal(hu.length, rows * columns);
    },
  ]) {
    try {
      await step();
      outcomes.push("read");
    } catch (error) {
      outcomes.push(
        error instanceof VigilError ? error.code : `UNCATALOGUED ${error instanceof Error ? error.stack : error}`,
      );
    }
  }
  return outcomes.find((outcome) => outcome.startsWith("UNCATALOGUED")) ?? outcomes.at(-1)!;
}

async function measured(bytes: Uint8Array): Promise<Outcome> {
  const before = { ...process.memoryUsage(), peak: process.resourceUsage().maxRSS };
  const startedAt = performance.now();
  const code = await read(bytes.slice());
  const ms = performance.now() - startedAt;
  const after = { ...process.memoryUsage(), peak: process.resourceUsage().maxRSS };
  const allocatedBytes = Math.max(after.arrayBuffers - before.arrayBuffers, (after.peak - before.peak) * 1024);
  return { code, ms, allocatedBytes };
}

test(`each of ${FILES} damaged files is read or a catalogued error, within its limits`, needs(...SOURCES), async () => {
  const corpus = originals();
  assert.ok(corpus.length > 40);
  const random = randomNumbers(SEED);
  const codes = new Map<string, number>();
  const slowest = { ms: 0, what: "" };
  const largest = { bytes: 0, what: "" };
  const wrong: string[] = [];
  for (let nth = 0; nth < FILES; nth++) {
    const original = corpus[random(corpus.length)]!;
    const { bytes, damage } = mutated(original, random);
    const what = `${nth}: ${original.name}, ${damage}`;
    let { code, ms, allocatedBytes } = await measured(bytes);
    // On a machine that others use one slow run means little.
    if (ms > LONGEST_MS) ms = Math.min(ms, (await measured(bytes)).ms);
    codes.set(code.split("\n")[0]!, (codes.get(code.split("\n")[0]!) ?? 0) + 1);
    if (ms > slowest.ms) Object.assign(slowest, { ms, what });
    if (allocatedBytes > largest.bytes) Object.assign(largest, { bytes: allocatedBytes, what });
    if (code.startsWith("UNCATALOGUED") || code === "internal") wrong.push(`${what}: ${code}`);
    if (ms > LONGEST_MS) wrong.push(`${what}: ${ms.toFixed(0)} ms`);
    if (allocatedBytes > LARGEST_BYTES) wrong.push(`${what}: ${(allocatedBytes / MIB).toFixed(0)} MiB`);
  }
  process.stdout.write(
    [
      `${FILES} files, seed ${SEED}: ${[...codes].map(([code, count]) => `${code} ${count}`).join(", ")}`,
      `slowest ${slowest.ms.toFixed(0)} ms (${slowest.what})`,
      `largest ${(largest.bytes / MIB).toFixed(0)} MiB (${largest.what})\n`,
    ].join("\n"),
  );
  assert.deepEqual(wrong, []);
});

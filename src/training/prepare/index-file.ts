import { readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { Dataset } from "../dataset/dataset.ts";
import { UNFINISHED, writeWhole } from "../dataset/whole-file.ts";
import { dequantisation } from "./element-type.ts";
import type { PrepareSpec } from "./prepare-spec.ts";
import { finishedShard, type RowFormat, type Shard } from "./shard.ts";

export const INDEX_FILE = "index.json";

export interface IndexContent {
  dataset: Dataset;
  spec: PrepareSpec;
  format: RowFormat | null;
  shardSize: number;
  /** How many there are. */
  shards: number;
}

/** The shards that are not whole yet. */
export async function missingShards(dir: string, shards: number): Promise<number[]> {
  const missing = [];
  for (let number = 0; number < shards; number++) {
    if ((await finishedShard(dir, number)) === undefined) missing.push(number);
  }
  return missing;
}

/**
 * Writes index.json of all shards, which makes one of what several parts did; a shard stands on a line of its own. Whoever
 * writes it, and however often, it is the same to the byte.
 */
export async function writeIndex(dir: string, content: IndexContent): Promise<{ rows: number; leftOut: number }> {
  const { dataset, spec, format, shardSize, shards } = content;
  const { name, contentHash } = dataset.manifest;
  const made =
    spec.kind === "reference" ? { kind: spec.kind } : { ...spec, quantisation: dequantisation(spec.dtype, spec.input) };
  const head = { format: 1, dataset: { name, contentHash }, ...made, rowShape: format?.shape ?? null, shardSize };
  const counts = { rows: 0, leftOut: 0 };
  const lines = async function* () {
    yield `${JSON.stringify(head).slice(0, -1)},"shards":[\n`;
    for (let number = 0; number < shards; number++) {
      const text = (await finishedShard(dir, number))!;
      const { rows, leftOut } = JSON.parse(text) as Shard;
      counts.rows += rows;
      counts.leftOut += leftOut.length;
      yield `${text}${number < shards - 1 ? "," : ""}\n`;
    }
    yield `],"rows":${counts.rows},"leftOut":${counts.leftOut}}\n`;
  };
  await writeWhole(path.join(dir, INDEX_FILE), lines());
  await removeLeftovers(dir);
  return counts;
}

const ABANDONED_AFTER_MS = 60 * 60 * 1000;

/** What a killed process was writing. A younger file may still be written by another one. */
async function removeLeftovers(dir: string): Promise<void> {
  for (const name of (await readdir(dir)).filter((entry) => entry.endsWith(UNFINISHED))) {
    const file = path.join(dir, name);
    const info = await stat(file).catch(() => undefined);
    if (info !== undefined && Date.now() - info.mtimeMs > ABANDONED_AFTER_MS) await rm(file, { force: true });
  }
}

import { findModel } from "../../ai/model-package.ts";
import { loadConfig } from "../../config.ts";
import { VigilError } from "../../errors.ts";
import { modelRoots } from "../../installation.ts";
import { Dataset } from "../../training/dataset/dataset.ts";
import type { ElementType } from "../../training/prepare/element-type.ts";
import { prepareDataset } from "../../training/prepare/prepare-dataset.ts";
import type { PrepareSpec } from "../../training/prepare/prepare-spec.ts";
import type { GlobalOptions } from "../options.ts";
import { printJson, printLine } from "../print.ts";
import { withProgress } from "../progress.ts";
import { tell } from "./told.ts";

export interface PrepareOptions extends GlobalOptions {
  dtype: ElementType;
  shardSize: number;
  threads?: number;
  part?: string;
  merge?: boolean;
  reference?: boolean;
}

/** `vigil dataset prepare`: the images of a data set as a model sees them, in shards. */
export async function prepare(dir: string, options: PrepareOptions): Promise<void> {
  const { shardSize, threads, merge: mergeOnly = false } = options;
  if (shardSize < 1 || threads === 0)
    throw new VigilError("usage-invalid", "--shard-size and --threads are 1 at least");
  const part = partOf(options.part);
  const dataset = await Dataset.open(dir);
  const spec = await specOf(options);
  const outcome = await withProgress("preparing", (onProgress) =>
    prepareDataset(dataset, { spec, shardSize, threads, part, mergeOnly, onProgress }),
  );
  const { shards, index } = outcome;
  if (index !== null && index.leftOut > 0)
    tell(`${index.leftOut} images are left out; ${index.file} names each with its reason ("leftOut")`);
  if (options.json) return printJson({ ...outcome, out: outcome.dir });
  if (index === null) {
    printLine(`part ${part.number} of ${part.of} is done; ${shards.done} of ${shards.of} shards are there`);
    printLine("  the part that finishes last makes the index; --merge does so too");
  } else printLine(`${index.rows} images in ${shards.of} shards: ${index.file}`);
}

/** @throws VigilError model-not-found, model-invalid */
async function specOf(options: PrepareOptions): Promise<PrepareSpec> {
  if (options.reference) return { kind: "reference" };
  const { model, data, selection } = loadConfig(options);
  const { manifest } = await findModel(model, modelRoots(data.dir));
  return { kind: "model", input: manifest.input, dtype: options.dtype, selection };
}

function partOf(text = "1/1"): { number: number; of: number } {
  const [, number, of] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (number !== undefined && of !== undefined && number >= 1 && number <= of) return { number, of };
  throw new VigilError("usage-invalid", `--part takes i/n with i from 1 to n, such as 2/8; not "${text}"`);
}

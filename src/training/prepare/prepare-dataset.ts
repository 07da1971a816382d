import { availableParallelism } from "node:os";
import path from "node:path";
import { toVigilError, VigilError } from "../../errors.ts";
import { WorkerPool } from "../../worker-pool.ts";
import type { Dataset, StudyRecords } from "../dataset/dataset.ts";
import { inOrder } from "../dataset/in-order.ts";
import { instanceKey } from "../dataset/instance-record.ts";
import { DATASET_FILES } from "../dataset/layout.ts";
import { ELEMENT_TYPES } from "./element-type.ts";
import { INDEX_FILE, missingShards, writeIndex } from "./index-file.ts";
import { type PrepareSpec, preparedHash } from "./prepare-spec.ts";
import type { StudyToPrepare } from "./prepare-study.ts";
import type { PreparedStudy } from "./prepared-study.ts";
import { finishedShard, type RowFormat, ShardWriter } from "./shard.ts";

export interface PrepareRequest {
  spec: PrepareSpec;
  /** Images after which the next study begins a new shard. */
  shardSize: number;
  threads?: number | undefined;
  /** The share of the work that is done here, from 1, and how many there are. */
  part: { number: number; of: number };
  /** Only makes the index of what is there. */
  mergeOnly: boolean;
  onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface PrepareOutcome {
  dir: string;
  shards: { done: number; of: number };
  /** Of all parts; null until every shard is there. */
  index: { file: string; rows: number; leftOut: number } | null;
}

/** One study may take so long: the largest has some thousand images. */
const DEADLINE_MS = 15 * 60_000;

/**
 * Prepares the images of a data set, or a part of them, in prepared/<hash>/: shard after shard, each of which is there whole or
 * not at all. What is there already is not made again. Whoever finds all shards there writes the index.
 * @throws VigilError dataset-invalid, dataset-not-written, prepare-incomplete (with `mergeOnly`)
 */
export async function prepareDataset(dataset: Dataset, request: PrepareRequest): Promise<PrepareOutcome> {
  const { spec, shardSize, part, mergeOnly } = request;
  const hash = preparedHash(spec, dataset.manifest.contentHash, shardSize);
  const dir = path.join(dataset.dir, DATASET_FILES.prepared, hash);
  const format = formatOf(spec);
  const shards = new ShardPlan(shardSize);
  if (mergeOnly) for await (const { study } of shards.of(dataset)) void study;
  else await prepareShards(dataset, dir, shards, format, request);
  const missing = await missingShards(dir, shards.count);
  const outcome = { dir, shards: { done: shards.count - missing.length, of: shards.count } };
  if (missing.length > 0) {
    if (!mergeOnly && part.of > 1) return { ...outcome, index: null };
    const message = `${missing.length} of ${shards.count} shards are not there yet, the first is number ${missing[0]}`;
    throw new VigilError("prepare-incomplete", `${dir}: ${message}: run the parts that are missing`);
  }
  const counts = await writeIndex(dir, { dataset, spec, format, shardSize, shards: shards.count });
  const file = path.join(dir, INDEX_FILE);
  if (counts.rows === 0)
    throw new VigilError(
      "dataset-invalid",
      `none of ${counts.leftOut} images could be prepared: see "leftOut" in ${file}`,
    );
  return { ...outcome, index: { file, ...counts } };
}

function formatOf(spec: PrepareSpec): RowFormat | null {
  if (spec.kind === "reference") return null;
  const { channels, width, height, layout } = spec.input;
  const shape = layout === "NCHW" ? [channels.length, height, width] : [height, width, channels.length];
  return { descr: ELEMENT_TYPES[spec.dtype].descr, shape, maskShape: [height, width] };
}

/** Which study stands in which shard: by the number of images that the data set has, not of those that can be read. */
class ShardPlan {
  count = 0;
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  async *of(dataset: Dataset): AsyncGenerator<{ shard: number; study: StudyRecords }> {
    let images = this.#size;
    for await (const study of dataset.studies()) {
      if (images >= this.#size) {
        this.count++;
        images = 0;
      }
      images += study.instances.length;
      yield { shard: this.count - 1, study };
    }
  }
}

interface Work {
  shard: number;
  study: StudyRecords;
}

async function prepareShards(
  dataset: Dataset,
  dir: string,
  plan: ShardPlan,
  format: RowFormat | null,
  { spec, threads = availableParallelism(), part, onProgress }: PrepareRequest,
): Promise<void> {
  const total = Math.round(dataset.manifest.counts.instances / part.of);
  let done = 0;
  const missing = async function* (): AsyncGenerator<Work> {
    let last = { shard: -1, isWanted: false };
    for await (const work of plan.of(dataset)) {
      if (work.shard !== last.shard) {
        const isOurs = work.shard % part.of === part.number - 1;
        last = { shard: work.shard, isWanted: isOurs && (await finishedShard(dir, work.shard)) === undefined };
      }
      if (last.isWanted) yield work;
    }
  };
  const pool = await WorkerPool.start<StudyToPrepare, PreparedStudy, null>({
    script: new URL("./prepare-worker.ts", import.meta.url),
    size: threads,
    purpose: "the preparing of images",
    failureCode: "dicom-unreadable",
    terminable: true,
    workerData: () => spec,
  });
  const arePictures = dataset.manifest.source.kind === "images";
  let writer: { shard: number; to: ShardWriter } | undefined;
  try {
    const prepared = inOrder(missing(), threads + 1, async ({ shard, study }) => {
      const limits = { deadlineMs: DEADLINE_MS, subject: `study ${study.study}` };
      const request = { dir: dataset.dir, records: study, arePictures };
      const answer = pool.run(request, [], undefined, limits).catch((error: unknown) => allLeftOut(study, error));
      return { shard, images: study.instances.length, prepared: await answer };
    });
    for await (const { shard, images, prepared: study } of prepared) {
      if (writer?.shard !== shard) {
        await writer?.to.finish();
        writer = { shard, to: new ShardWriter(dir, shard, format) };
      }
      await writer.to.add(study);
      done += images;
      onProgress?.(done, Math.max(done, total));
    }
    await writer?.to.finish();
  } catch (error) {
    await writer?.to.abandon();
    throw error;
  } finally {
    await pool.stop();
  }
}

/** A study on which its thread died: whatever a file does, the others go on. */
function allLeftOut({ patient, study, instances }: StudyRecords, thrown: unknown): PreparedStudy {
  const { code, message } = toVigilError(thrown);
  if (code !== "dicom-unreadable") throw thrown;
  const leftOut = instances.map((record) => ({ key: instanceKey(record), patient, study, code, message }));
  return { patient, study, images: [], bytes: new Uint8Array(0), sizes: [], masks: null, leftOut };
}

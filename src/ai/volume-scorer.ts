import { setImmediate as nextTurn } from "node:timers/promises";
import type { Config, Provider } from "../config.ts";
import type { HeatMap } from "../contract/heat-map.ts";
import type { CtVolume } from "../dicom/volume.ts";
import { VigilError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { aggregate, type Probabilities } from "./aggregate.ts";
import { interpret, type Reading } from "./findings.ts";
import { type InferencePool, startInferencePool } from "./inference-pool.ts";
import type { ModelPackage } from "./model-package.ts";
import { Preprocessor } from "./preprocess.ts";
import { type ImageOfSlice, SliceOutputs } from "./slice-outputs.ts";
import { turnOf } from "./turn.ts";

export interface VolumeScorerOptions {
  model: ModelPackage;
  inference: Config["inference"];
  logger?: Logger;
}

export interface ScoringOptions {
  /** Slices scored so far, and all. */
  onProgress?: ((done: number, total: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

export interface VolumeScores extends Reading {
  probabilities: Probabilities;
  /** null when the model has no map */
  heatMap: HeatMap | null;
  preprocessMs: number;
  /** What the model took on top: the next images are prepared while it runs. */
  inferenceMs: number;
}

/** A model that is loaded and ready to score volumes, several at a time if need be. */
export class VolumeScorer {
  readonly model: ModelPackage;
  readonly #pool: InferencePool;
  readonly #inference: Config["inference"];

  private constructor(model: ModelPackage, inference: Config["inference"], pool: InferencePool) {
    this.model = model;
    this.#inference = inference;
    this.#pool = pool;
  }

  /** @throws VigilError model-invalid, provider-unavailable */
  static async start({ model, inference, logger }: VolumeScorerOptions): Promise<VolumeScorer> {
    const pool = await startInferencePool(model, inference);
    const { provider, refusals } = pool.ready;
    const { name, version } = model.manifest;
    logger?.info({ model: name, version, provider, refusals, workers: inference.workers }, "model loaded");
    return new VolumeScorer(model, inference, pool);
  }

  /** The execution provider that runs the model, all of it. */
  get provider(): Provider {
    return this.#pool.ready.provider;
  }

  /** @throws VigilError inference-failed, interrupted */
  async score(volume: CtVolume, { onProgress, signal }: ScoringOptions = {}): Promise<VolumeScores> {
    const { manifest } = this.model;
    const { slices } = volume;
    const startedAt = performance.now();
    const stopwatch = { preprocessMs: 0 };
    const preprocessor = await Preprocessor.plan(volume, manifest.input);
    stopwatch.preprocessMs += performance.now() - startedAt;

    const images = imagesOf(slices.length, manifest.postprocess.flip);
    const imagesPerSlice = images.length / slices.length;
    const outputs = new SliceOutputs(slices.length, imagesPerSlice, manifest.outputs);
    let done = 0;
    const running: Promise<void>[] = [];
    for (const batch of this.#batches(images)) {
      const tensor = await this.#tensor(batch, preprocessor, stopwatch, signal);
      const answered = this.#pool.run(tensor, [tensor.images.buffer as ArrayBuffer], signal).then((response) => {
        outputs.add(batch, response);
        done += batch.length;
        onProgress?.(Math.floor(done / imagesPerSlice), slices.length);
      });
      // Its failure is seen below, when its turn comes.
      answered.catch(() => {});
      running.push(answered);
      if (running.length > this.#inference.workers) await running.shift();
    }
    await Promise.all(running);

    const probabilities = aggregate(
      outputs.logits,
      slices.map((slice) => slice.positionMm),
      manifest,
    );
    const areas = slices.map(({ header }, z) => ({
      seriesInstanceUid: header.seriesInstanceUid,
      sopInstanceUid: header.sopInstanceUid,
      frameNumber: header.frameNumber,
      area: preprocessor.area(z),
    }));
    const turns = slices.map(({ orientation }) => turnOf(orientation));
    const heatMap = outputs.heatMap(areas, turns);
    return {
      ...interpret(volume, probabilities, heatMap, manifest.operatingPoints),
      probabilities,
      heatMap,
      preprocessMs: stopwatch.preprocessMs,
      inferenceMs: performance.now() - startedAt - stopwatch.preprocessMs,
    };
  }

  async stop(): Promise<void> {
    await this.#pool.stop();
  }

  #batches(images: ImageOfSlice[]): ImageOfSlice[][] {
    const size = this.#pool.ready.fixedBatch ?? this.#inference.batchSize;
    return Array.from({ length: Math.ceil(images.length / size) }, (_, i) => images.slice(i * size, (i + 1) * size));
  }

  /** Prepares a batch without holding up whatever else this thread serves. */
  async #tensor(
    batch: ImageOfSlice[],
    preprocessor: Preprocessor,
    stopwatch: { preprocessMs: number },
    signal: AbortSignal | undefined,
  ) {
    const count = this.#pool.ready.fixedBatch ?? batch.length;
    const images = new Float32Array(count * preprocessor.imageLength);
    for (const [i, { z, mirrored }] of batch.entries()) {
      if (signal?.aborted) throw new VigilError("interrupted", "scoring was interrupted before it was done");
      const startedAt = performance.now();
      images.set(preprocessor.image(z, mirrored), i * preprocessor.imageLength);
      stopwatch.preprocessMs += performance.now() - startedAt;
      await nextTurn();
    }
    return { images, count };
  }
}

/** Each slice, and its mirror image where the model reads both, next to each other. */
function imagesOf(slices: number, flip: boolean): ImageOfSlice[] {
  const sides = flip ? [false, true] : [false];
  return Array.from({ length: slices }, (_, z) => sides.map((mirrored) => ({ z, mirrored }))).flat();
}

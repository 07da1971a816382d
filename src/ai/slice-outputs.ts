import type { HeatMap, HeatMapSlice } from "../contract/heat-map.ts";
import { LABELS } from "../contract/labels.ts";
import { VigilError } from "../errors.ts";
import { logit, sigmoid } from "./aggregate.ts";
import type { InferenceResponse } from "./inference-session.ts";
import type { Manifest } from "./manifest.ts";
import { inView, type Turn } from "./turn.ts";

/** Which slice an image of the model's input shows. */
export interface ImageOfSlice {
  z: number;
  /** Left and right are swapped. */
  mirrored: boolean;
}

/** The network's answers, averaged over each slice and its mirror image. */
export class SliceOutputs {
  /** slices x labels */
  readonly logits: number[][];
  readonly #outputs: Manifest["outputs"];
  readonly #imagesPerSlice: number;
  /** Per slice: labels x height x width logits. */
  readonly #maps: Float32Array[] = [];
  #grid = { width: 0, height: 0 };

  constructor(slices: number, imagesPerSlice: number, outputs: Manifest["outputs"]) {
    this.logits = Array.from({ length: slices }, () => LABELS.map(() => 0));
    this.#imagesPerSlice = imagesPerSlice;
    this.#outputs = outputs;
  }

  /** Takes the answers for a batch; those behind the last image are padding. */
  add(images: ImageOfSlice[], response: InferenceResponse): void {
    const { logits, probabilities, map } = this.#outputs;
    const scores = finite(response[(logits ?? probabilities)!]!.data, images.length * LABELS.length);
    const share = 1 / this.#imagesPerSlice;
    for (const [i, { z }] of images.entries()) {
      for (let label = 0; label < LABELS.length; label++) {
        const score = scores[i * LABELS.length + label]!;
        this.logits[z]![label]! += share * (logits === undefined ? logit(score) : score);
      }
    }
    if (map !== undefined) this.#addMaps(images, response[map]!, share);
  }

  /** null when the model has no map. `turns`: how each slice is stored compared with how the model sees it. */
  heatMap(slices: Omit<HeatMapSlice, "cells">[], turns: Turn[]): HeatMap | null {
    if (this.#maps.length === 0) return null;
    const { width, height } = this.#grid;
    return {
      gridWidth: width,
      gridHeight: height,
      slices: slices.map((slice, z) => ({ ...slice, cells: this.#storedCells(this.#maps[z]!, turns[z]!) })),
    };
  }

  /** The map as it lies over the stored slice. */
  #storedCells(map: Float32Array, turn: Turn): Uint8Array {
    const { width, height } = this.#grid;
    const size = width * height;
    const sources = Array.from({ length: size }, (_, cell) => {
      const [x, y] = inView(turn, [((cell % width) + 0.5) / width, (Math.floor(cell / width) + 0.5) / height]);
      return Math.floor(y * height) * width + Math.floor(x * width);
    });
    return Uint8Array.from(map, (_, i) => {
      const cell = i % size;
      return Math.round(255 * sigmoid(map[i - cell + sources[cell]!]!));
    });
  }

  #addMaps(images: ImageOfSlice[], { data, shape }: InferenceResponse[string], share: number): void {
    const [, , height, width] = shape as [number, number, number, number];
    const size = LABELS.length * height * width;
    this.#grid = { width, height };
    finite(data, images.length * size);
    for (const [i, { z, mirrored }] of images.entries()) {
      this.#maps[z] ??= new Float32Array(size);
      const sum = this.#maps[z];
      for (let cell = 0; cell < size; cell++) {
        const x = cell % width;
        sum[cell]! += share * data[i * size + cell - x + mirroredColumn(x, width, mirrored)]!;
      }
    }
  }
}

/**
 * The first `length` numbers that the network gave.
 * @throws VigilError inference-failed when one is not finite: it would end as "no bleed found"
 */
function finite(values: Float32Array, length: number): Float32Array {
  const used = values.subarray(0, length);
  if (used.length === length && used.every(Number.isFinite)) return used;
  throw new VigilError(
    "inference-failed",
    "the network gave values that are not finite numbers: the study is not scored",
  );
}

function mirroredColumn(x: number, width: number, mirrored: boolean): number {
  return mirrored ? width - 1 - x : x;
}

import type { HeatMap, HeatMapSlice } from "../contract/heat-map.ts";
import { LABELS } from "../contract/labels.ts";
import { logit, sigmoid } from "./aggregate.ts";
import type { InferenceResponse } from "./inference-session.ts";
import type { Manifest } from "./manifest.ts";

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
    const scores = response[(logits ?? probabilities)!]!.data;
    const share = 1 / this.#imagesPerSlice;
    for (const [i, { z }] of images.entries()) {
      for (let label = 0; label < LABELS.length; label++) {
        const score = scores[i * LABELS.length + label]!;
        this.logits[z]![label]! += share * (logits === undefined ? logit(score) : score);
      }
    }
    if (map !== undefined) this.#addMaps(images, response[map]!, share);
  }

  /** null when the model has no map. `mirrored`: how the slices are stored compared with how the model sees them. */
  heatMap(slices: Omit<HeatMapSlice, "cells">[], mirrored: { x: boolean; y: boolean }): HeatMap | null {
    if (this.#maps.length === 0) return null;
    const { width, height } = this.#grid;
    const cellsOf = (map: Float32Array) =>
      Uint8Array.from(map, (_, i) => {
        const line = Math.floor(i / width);
        const y = line % height;
        const from =
          (line + (mirrored.y ? height - 1 - 2 * y : 0)) * width + mirroredColumn(i % width, width, mirrored.x);
        return Math.round(255 * sigmoid(map[from]!));
      });
    return {
      gridWidth: width,
      gridHeight: height,
      slices: slices.map((slice, z) => ({ ...slice, cells: cellsOf(this.#maps[z]!) })),
    };
  }

  #addMaps(images: ImageOfSlice[], { data, shape }: InferenceResponse[string], share: number): void {
    const [, , height, width] = shape as [number, number, number, number];
    const size = LABELS.length * height * width;
    this.#grid = { width, height };
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

function mirroredColumn(x: number, width: number, mirrored: boolean): number {
  return mirrored ? width - 1 - x : x;
}

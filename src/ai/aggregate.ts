import type { PerLabel } from "../contract/labels.ts";
import { LABELS, perLabel } from "../contract/labels.ts";
import type { Manifest } from "./manifest.ts";

/** From the network's logits per slice to calibrated probabilities of slices and study. */

export interface Probabilities {
  study: PerLabel<number>;
  /** In the order of the slices. */
  slices: PerLabel<number>[];
}

type PostprocessingManifest = Pick<Manifest, "postprocess" | "aggregation" | "calibration">;

/** @param logits slices x labels, in the order of the slices and of LABELS */
export function aggregate(logits: number[][], positionsMm: number[], manifest: PostprocessingManifest): Probabilities {
  const { postprocess, aggregation, calibration } = manifest;
  const smoothed = smoothedAlongZ(logits, positionsMm, postprocess);
  return {
    study: perLabel((label, index) => {
      const score = topMean(
        smoothed.map((slice) => slice[index]!),
        aggregation.k,
      );
      return calibrated(score, calibration.study[label]);
    }),
    slices: smoothed.map((slice) => perLabel((label, index) => calibrated(slice[index]!, calibration.slice[label]))),
  };
}

/** Weighted with the slices below and above; where one is missing or too far, the slice stands in for it. */
export function smoothedAlongZ(
  logits: number[][],
  positionsMm: number[],
  { zSmoothing, maxGapMm }: Pick<Manifest["postprocess"], "zSmoothing" | "maxGapMm">,
): number[][] {
  if (zSmoothing === null) return logits;
  const [below, own, above] = zSmoothing;
  const near = (a: number, b: number) => Math.abs(positionsMm[a]! - positionsMm[b]!) <= maxGapMm;
  return logits.map((slice, z) => {
    const lower = z > 0 && near(z, z - 1) ? logits[z - 1]! : slice;
    const upper = z < logits.length - 1 && near(z, z + 1) ? logits[z + 1]! : slice;
    return LABELS.map((_, i) => below * lower[i]! + own * slice[i]! + above * upper[i]!);
  });
}

/** The mean of the k largest values, or of all when there are fewer. */
export function topMean(values: number[], k: number): number {
  const top = values.toSorted((a, b) => b - a).slice(0, k);
  return top.reduce((sum, value) => sum + value, 0) / top.length;
}

export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** The inverse of sigmoid, for networks that give probabilities; kept finite. */
export function logit(probability: number): number {
  const inside = Math.min(1 - 1e-7, Math.max(1e-7, probability));
  return Math.log(inside / (1 - inside));
}

function calibrated(score: number, [slope, intercept]: [number, number]): number {
  return sigmoid(slope * score + intercept);
}

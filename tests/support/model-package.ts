import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Manifest } from "../../src/ai/manifest.ts";
import { LABELS, perLabel } from "../../src/contract/labels.ts";
import { type TinyModel, tinyOnnxModel } from "./onnx-model.ts";

export interface TinyPackage extends Omit<Partial<Manifest>, "input"> {
  model?: Partial<TinyModel>;
  input?: Partial<Manifest["input"]>;
}

/**
 * Writes a package below `root` whose model answers, for every label, the mean brightness of its first channel: nothing
 * is cropped, smoothed, mirrored or calibrated unless told otherwise.
 */
export function writeTinyPackage(root: string, { model, input, ...changes }: TinyPackage = {}): string {
  const channels = input?.channels ?? [{ slice: 0, window: { center: 50, width: 100 } }];
  const size = input?.width ?? 8;
  const onnx = tinyOnnxModel({
    channels: channels.length,
    size,
    layout: input?.layout ?? "NCHW",
    weights: channels.map((_, index) => LABELS.map(() => (index === 0 ? 1 : 0))),
    bias: LABELS.map(() => 0),
    output: { name: "logits" },
    ...model,
  });
  const manifest: Manifest = {
    name: "tiny",
    version: "1.0.0",
    task: "slice-classification",
    labels: [...LABELS],
    input: {
      name: "image",
      width: size,
      height: size,
      layout: "NCHW",
      crop: "none",
      channels,
      normalize: { mean: [0], std: [1] },
      resize: "area",
      ...input,
    },
    outputs: { logits: "logits" },
    postprocess: { flip: false, zSmoothing: null, maxGapMm: 12 },
    aggregation: { method: "top-k-mean", k: 1 },
    calibration: { method: "platt", slice: perLabel(() => [1, 0]), study: perLabel(() => [1, 0]) },
    operatingPoints: perLabel(() => ({ threshold: 0.7, undetermined: [0.6, 0.7] })),
    sha256: createHash("sha256").update(onnx).digest("hex"),
    training: {},
    intendedUse: "tests",
    limitations: [],
    ...changes,
  };
  const dir = path.join(root, manifest.name, manifest.version);
  mkdirSync(dir, { recursive: true });
  writeFileSync(path.join(dir, "model.onnx"), onnx);
  writeFileSync(path.join(dir, "manifest.json"), JSON.stringify(manifest));
  return dir;
}

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { type Model, readModel } from "../../src/onnx/model.ts";

/** What PyTorch found for one network. */
export interface TorchReference {
  model: Model;
  imageSize: number;
  image: Float32Array;
  target: Float32Array;
  loss: Record<"frozen" | "batch", number>;
  /** In single and double precision; by name of the weight, in ONNX's order. */
  gradients: Record<"frozen" | "batch", Map<string, Float32Array>[]>;
  /** Running statistics after one step with those of the batch. */
  statistics: Record<string, number[]>;
}

export const BATCH = 4;
export const OUTPUTS = 6;
const SCRIPT = path.join(import.meta.dirname, "..", "training", "torch_reference.py");
const PYTHON = "/usr/bin/python3";

/** Lets the system's PyTorch (python3-torch, python3-torchvision) export networks and differentiate them. */
export function torchReferences(dir: string, imageSize: number, names: readonly string[]): void {
  execFileSync(PYTHON, [SCRIPT, dir, String(imageSize), ...names], { stdio: ["ignore", "ignore", "inherit"] });
}

export function readReference(dir: string, name: string, imageSize: number): TorchReference {
  const file = (it: string) => readFileSync(path.join(dir, name, it));
  const numbers = (it: string) => new Float32Array(new Uint8Array(file(it)).buffer);
  const { loss, parameters, statistics } = JSON.parse(file("reference.json").toString());
  const gradientsOf = (kind: string) => {
    const flat = numbers(`${kind}.gradients.f32`);
    let at = 0;
    return new Map(
      Object.entries(parameters as Record<string, number[]>).map(([weight, dims]) => {
        const size = dims.reduce((product, length) => product * length, 1);
        at += size;
        return [weight, flat.subarray(at - size, at)];
      }),
    );
  };
  return {
    model: readModel(file("model.onnx")),
    ...{ imageSize, loss, statistics, image: numbers("image.f32"), target: numbers("target.f32") },
    gradients: {
      frozen: ["frozen.single", "frozen.double"].map(gradientsOf),
      batch: ["batch.single", "batch.double"].map(gradientsOf),
    },
  };
}

import type { Tensor } from "@tensorflow/tfjs-core";
import type { Node } from "../../onnx/model.ts";
import type { Kernels } from "./kernels.ts";
import type { TensorFlow } from "./tensorflow.ts";
import { cannotTrain, type Value } from "./value.ts";

/** How batch normalization works: with the statistics of the file, or those of the batch. */
export type BatchNormMode = "frozen" | "batch";

/** What an operator may use beside its inputs. */
export interface Run {
  tf: TensorFlow["tf"];
  kernels: Kernels;
  batchNorm: BatchNormMode;
  /** Takes over the kept tensors that a batch normalization found, to move the running statistics of its node. */
  keepStatistics(node: Node, mean: Tensor, variance: Tensor, momentum: number): void;
}

/** Calculates the outputs of a node; an input that is left out is undefined. */
export type Operator = (inputs: (Value | undefined)[], node: Node, run: Run) => Value[];

export function intOf({ attributes }: Node, name: string, absent: number): number {
  const attribute = attributes.get(name);
  return attribute?.type === "int" ? attribute.value : absent;
}

export function floatOf({ attributes }: Node, name: string, absent: number): number {
  const attribute = attributes.get(name);
  return attribute?.type === "float" ? attribute.value : absent;
}

export function textOf({ attributes }: Node, name: string, absent: string): string {
  const attribute = attributes.get(name);
  return attribute?.type === "text" ? attribute.value : absent;
}

/** A single float that is given as an input, and known before anything runs. */
export function scalarOf(value: Value | undefined, absent: number, node: Node): number {
  if (value === undefined) return absent;
  if ("numbers" in value && value.numbers.length === 1) return value.numbers[0]!;
  throw cannotTrain(node, "a limit or a filling is no constant");
}

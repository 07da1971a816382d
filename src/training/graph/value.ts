import type { Tensor } from "@tensorflow/tfjs-core";
import { VigilError } from "../../errors.ts";
import type { Node } from "../../onnx/model.ts";

/**
 * A value on its way through the graph. Tensors lie as TensorFlow's kernels like them, and keep a note of it:
 * `onnx` as the file has it, `nhwc` an image or map with its channels last, `hwio` the kernel of a convolution.
 * `numbers` are whole ones that the graph calculates shapes with; they never reach TensorFlow.
 */
export type Value = { tensor: Tensor; layout: Layout } | { numbers: number[] };
export type Layout = "onnx" | "nhwc" | "hwio";

const FROM_ONNX = { nhwc: [0, 2, 3, 1], hwio: [2, 3, 1, 0] } as const;
const TO_ONNX = { nhwc: [0, 3, 1, 2], hwio: [3, 2, 0, 1] } as const;
/** Where axis i of ONNX's order lies. */
const AXES = { onnx: undefined, nhwc: [0, 3, 1, 2], hwio: [3, 2, 0, 1] } as const;

export function tensorOf(value: Value | undefined, node: Node): { tensor: Tensor; layout: Layout } {
  if (value !== undefined && "tensor" in value) return value;
  throw cannotTrain(node, "an input is missing or is no tensor of floats");
}

export function numbersOf(value: Value | undefined, node: Node): number[] {
  if (value !== undefined && "numbers" in value) return value.numbers;
  throw cannotTrain(node, "a shape or axis depends on the image's content");
}

/** The same tensor in another layout. @throws VigilError onnx-invalid where it has no four dimensions */
export function laidOut(value: Value | undefined, layout: Layout, node: Node): Tensor {
  const { tensor, layout: found } = tensorOf(value, node);
  if (found === layout) return tensor;
  const onnx = found === "onnx" ? tensor : tensor.transpose([...TO_ONNX[found]]);
  if (layout === "onnx") return onnx;
  if (tensor.rank !== 4)
    throw cannotTrain(node, `only two-dimensional images can be trained; this is [${tensor.shape}]`);
  return onnx.transpose([...FROM_ONNX[layout]]);
}

/** ONNX's axis, negative ones counted from the end, as an axis of the tensor as it lies. */
export function axisOf({ tensor, layout }: { tensor: Tensor; layout: Layout }, axis: number): number {
  const positive = axis < 0 ? axis + tensor.rank : axis;
  return AXES[layout]?.[positive] ?? positive;
}

/** Lengths in ONNX's order. */
export function shapeOf({ tensor, layout }: { tensor: Tensor; layout: Layout }): number[] {
  return tensor.shape.map((_, axis) => tensor.shape[AXES[layout]?.[axis] ?? axis]!);
}

export function cannotTrain({ name, operator, outputs }: Node, why: string): VigilError {
  return new VigilError("onnx-invalid", `${operator} (${name || outputs[0]}) cannot be trained: ${why}`);
}

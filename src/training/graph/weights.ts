import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import type { Model, Node } from "../../onnx/model.ts";
import type { Tensor as OnnxTensor, OpaqueTensor } from "../../onnx/tensor.ts";
import type { TensorFlow } from "./tensorflow.ts";
import type { Layout, Value } from "./value.ts";

/** Inputs that set how an operator works; they are read as numbers, and no training moves them. */
const SETTINGS: Record<string, number[]> = {
  Clip: [1, 2],
  Resize: [1, 2, 3],
  Pad: [1, 2],
  Reshape: [1],
  TopK: [1],
};
const RUNNING_STATISTICS = [3, 4];

interface Use {
  node: Node;
  input: number;
}

/** The constants of a graph as TensorFlow holds them. */
export interface Weights {
  values: Map<string, Value>;
  /** By the name of the initializer; trainable or not (running statistics). */
  variables: Map<string, { variable: Variable; layout: Layout }>;
}

/** Kernels of convolutions are laid out once, here, unless another operator reads them too. */
export function loadWeights({ tf }: TensorFlow, model: Model, isTrainable: (name: string) => boolean): Weights {
  const weights: Weights = { values: new Map(), variables: new Map() };
  const uses = usesOf(model);
  for (const tensor of constantsOf(model)) weights.values.set(tensor.name, fixedValue(tf, tensor, uses));
  for (const tensor of model.initializers.values()) {
    const found = uses.get(tensor.name) ?? [];
    if ("opaque" in tensor || found.length === 0) continue;
    if (isSetting(tensor, found)) {
      weights.values.set(tensor.name, { numbers: Array.from(tensor.data, Number) });
      continue;
    }
    const isKernel =
      tensor.dims.length === 4 && found.every(({ node, input }) => node.operator === "Conv" && input === 1);
    const layout = isKernel ? "hwio" : "onnx";
    const isStatistic = found.some(({ node, input }) => isRunningStatistic(node, input));
    const variable = tf.tidy(() => {
      const onnx = tf.tensor(tensor.data as Float32Array, tensor.dims, "float32");
      const initial = isKernel ? tf.transpose(onnx, [2, 3, 1, 0]) : onnx;
      return tf.variable(initial, !isStatistic && isTrainable(tensor.name));
    });
    weights.variables.set(tensor.name, { variable, layout });
    weights.values.set(tensor.name, { tensor: variable, layout });
  }
  return weights;
}

function fixedValue(tf: TensorFlow["tf"], tensor: OnnxTensor, uses: Map<string, Use[]>): Value {
  if (isSetting(tensor, uses.get(tensor.name) ?? [])) return { numbers: Array.from(tensor.data, Number) };
  const data = tensor.data as Float32Array;
  return { tensor: tf.keep(tf.tensor(data, tensor.dims, "float32")), layout: "onnx" };
}

function isRunningStatistic({ operator }: Node, input: number): boolean {
  return operator === "BatchNormalization" && RUNNING_STATISTICS.includes(input);
}

function isSetting({ data, dims }: OnnxTensor, uses: Use[]): boolean {
  const sets = uses.some(({ node, input }) => SETTINGS[node.operator]?.includes(input));
  return sets || dims.length === 0 || !(data instanceof Float32Array);
}

function usesOf({ nodes }: Model): Map<string, Use[]> {
  const uses = new Map<string, Use[]>();
  for (const node of nodes) {
    for (const [input, name] of node.inputs.entries()) uses.set(name, [...(uses.get(name) ?? []), { node, input }]);
  }
  return uses;
}

function constantsOf({ nodes }: Model): OnnxTensor[] {
  return nodes.flatMap(({ operator, attributes, outputs: [name = ""] }) => {
    const attribute = operator === "Constant" ? [...attributes.values()][0] : undefined;
    if (attribute?.type === "float") return [{ name, dims: [], data: Float32Array.of(attribute.value) }];
    if (attribute?.type === "int") return [{ name, dims: [], data: BigInt64Array.of(BigInt(attribute.value)) }];
    if (attribute?.type === "ints")
      return [{ name, dims: [attribute.value.length], data: BigInt64Array.from(attribute.value, BigInt) }];
    if (attribute?.type !== "tensor" || isOpaque(attribute.value)) return [];
    return [{ ...attribute.value, name }];
  });
}

function isOpaque(tensor: OnnxTensor | OpaqueTensor): tensor is OpaqueTensor {
  return "opaque" in tensor;
}

/** A weight in ONNX's order, as the file holds it. */
export async function onnxData({ variable, layout }: { variable: Tensor; layout: Layout }): Promise<Float32Array> {
  if (layout === "onnx") return (await variable.data()) as Float32Array;
  const onnx = variable.transpose([3, 2, 0, 1]);
  const data = (await onnx.data()) as Float32Array;
  onnx.dispose();
  return data;
}

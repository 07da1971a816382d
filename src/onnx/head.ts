import { VigilError } from "../errors.ts";
import { randomNumbers } from "../random.ts";
import { floats, freeName, ints, maker, node, prune } from "./graph.ts";
import type { Model, Node } from "./model.ts";

/** The last layer of a classifier, a linear one, and the features that it weighs. */
export interface Head {
  layer: Node;
  /** [n, channels] */
  features: string;
  channels: number;
}

/** What may stand between the last linear layer and the output. */
const AFTER_HEAD = new Set(["Sigmoid", "Softmax", "LogSoftmax", "Identity", "Flatten", "Reshape", "Squeeze", "Add"]);

/**
 * Finds the linear layer that a classifier ends with.
 * @throws VigilError onnx-invalid when it has several inputs, or ends in another way
 */
export function headOf(model: Model): Head {
  const [input, ...others] = model.inputs;
  if (input === undefined || others.length > 0) {
    const names = model.inputs.map(({ name }) => name).join(", ");
    throw new VigilError(
      "onnx-invalid",
      `it has ${model.inputs.length} inputs (${names}); an image classifier has one`,
    );
  }
  const output = model.outputs[0]?.name ?? "";
  let step = maker(model, output);
  while (step !== undefined && AFTER_HEAD.has(step.operator)) step = maker(model, madeOf(model, step));
  if (step?.operator !== "Gemm" && step?.operator !== "MatMul") {
    const found = step === undefined ? "nothing" : `${step.operator} (${step.name})`;
    throw new VigilError(
      "onnx-invalid",
      `its output ${output} is not made by a linear layer (Gemm or MatMul) but by ${found}`,
    );
  }
  const [features = "", weights = ""] = step.inputs;
  const { dims } = floats(model, weights);
  const isTransposed = step.operator === "Gemm" && ints(step, "transB")?.[0] === 1;
  return { layer: step, features, channels: dims[isTransposed ? 1 : 0] ?? 0 };
}

/** The input of a node that is made by another node, not a weight. */
function madeOf(model: Model, { inputs }: Node): string {
  return inputs.find((input) => !model.initializers.has(input)) ?? "";
}

export interface NewHead {
  /** One logit each. */
  labels: readonly string[];
  /** How often a label is positive: what the new head answers before it has learnt anything. */
  prevalence: number;
  seed: number;
}

const WEIGHT_DEVIATION = 0.01;

/**
 * Puts a new last layer in the place of the old one: `logits`, [n, labels], from the same features. Where these are the
 * mean of a feature map, it also gives `map`, [n, labels, h, w]: the same layer at each place of the map, whose mean is
 * the logit (class activation map, Zhou 2016). The weights of both are the same tensor, so that training changes both.
 * @returns whether there is a map
 * @throws VigilError onnx-invalid
 */
export function replaceHead(model: Model, { labels, prevalence, seed }: NewHead): { hasMap: boolean } {
  const { layer, features, channels } = headOf(model);
  const featureMap = featureMapOf(model, features);
  model.nodes = model.nodes.filter((step) => step !== layer);
  model.outputs = [{ name: features, shape: null }];
  // The old layers go first, so that their names are free.
  prune(model);
  model.outputs = [];

  const [weight, bias] = [freeName(model, "head.weight"), freeName(model, "head.bias")];
  const random = normalNumbers(seed);
  const weights = Float32Array.from({ length: labels.length * channels }, () => WEIGHT_DEVIATION * random());
  model.initializers.set(weight, { name: weight, dims: [labels.length, channels], data: weights });
  const prior = Math.log(prevalence / (1 - prevalence));
  model.initializers.set(bias, {
    name: bias,
    dims: [labels.length],
    data: new Float32Array(labels.length).fill(prior),
  });
  model.nodes.push(node("Gemm", [features, weight, bias], ["logits"], { transB: { type: "int", value: 1 } }));
  model.outputs.push({ name: "logits", shape: ["N", labels.length] });
  if (featureMap !== undefined) addMap(model, featureMap, { weight, bias }, [labels.length, channels]);
  prune(model);
  return { hasMap: featureMap !== undefined };
}

function addMap(
  model: Model,
  featureMap: string,
  head: { weight: string; bias: string },
  [labels, channels]: [number, number],
): void {
  const [shape, kernel] = [freeName(model, "map.shape"), freeName(model, "map.kernel")];
  model.initializers.set(shape, {
    name: shape,
    dims: [4],
    data: BigInt64Array.of(BigInt(labels), BigInt(channels), 1n, 1n),
  });
  model.nodes.push(
    node("Reshape", [head.weight, shape], [kernel]),
    node("Conv", [featureMap, kernel, head.bias], ["map"], { kernel_shape: { type: "ints", value: [1, 1] } }),
  );
  model.outputs.push({ name: "map", shape: ["N", labels, "height", "width"] });
}

/** The map whose mean the features are; undefined where something else lies between. */
function featureMapOf(model: Model, features: string): string | undefined {
  let step = maker(model, features);
  while (step !== undefined && ["Flatten", "Reshape", "Squeeze", "Identity", "Dropout"].includes(step.operator))
    step = maker(model, step.inputs[0] ?? "");
  if (step === undefined) return undefined;
  const isMean = step.operator === "GlobalAveragePool" || (step.operator === "ReduceMean" && isOverPlane(model, step));
  return isMean ? step.inputs[0] : undefined;
}

function isOverPlane(model: Model, step: Node): boolean {
  // From operator set 18 on the axes are an input.
  const given = model.initializers.get(step.inputs[1] ?? "");
  const axes = ints(step, "axes") ?? (given !== undefined && "data" in given ? Array.from(given.data, Number) : []);
  const plane = axes.map((axis) => (axis < 0 ? axis + 4 : axis)).sort();
  return plane.length === 2 && plane[0] === 2 && plane[1] === 3;
}

/** Normally distributed numbers of mean 0 and deviation 1 (Box and Muller), the same for the same seed. */
function normalNumbers(seed: number): () => number {
  const uniform = randomNumbers(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

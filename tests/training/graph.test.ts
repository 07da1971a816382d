import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import type { Scalar, Tensor } from "@tensorflow/tfjs-core";
import * as ort from "onnxruntime-node";
import { node } from "../../src/onnx/graph.ts";
import { type Model, readModel, writeModel } from "../../src/onnx/model.ts";
import { installTraining } from "../../src/setup/training.ts";
import { loadTensorFlow, type TensorFlow } from "../../src/training/graph/tensorflow.ts";
import { TrainableGraph } from "../../src/training/graph/trainable-graph.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { BATCH, OUTPUTS, readReference, type TorchReference, torchReferences } from "../support/torch-reference.ts";

const IMAGE_SIZE = 64;
const NETWORKS = ["resnet18", "mobilenet_v3_small", "efficientnet_b0"] as const;
const LARGEST_DIFFERENCE = 1e-5;
const LARGEST_GRADIENT_DIFFERENCE = 1e-4;
const LEARNING_RATE = 1e-4;

let tensorFlow: TensorFlow;
const dir = temporaryFolder();

before(async () => {
  await installTraining("cpu", (line) => process.stderr.write(`vigil: ${line}\n`));
  tensorFlow = await loadTensorFlow();
});

function imageOf({ image, imageSize }: TorchReference): Tensor {
  return tensorFlow.tf.tensor(image, [BATCH, 3, imageSize, imageSize]);
}

/** By onnxruntime, from the bytes of the file. */
async function served(model: Model, image: Float32Array, dims: number[]): Promise<Record<string, Float32Array>> {
  const session = await ort.InferenceSession.create(writeModel(model));
  const found = await session.run({ image: new ort.Tensor("float32", image, dims) });
  await session.release();
  return Object.fromEntries(Object.entries(found).map(([name, { data }]) => [name, data as Float32Array]));
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assert.equal(a.length, b.length);
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}

function length(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return Math.sqrt(sum);
}

/** @param least of a length to measure by: an offset that a normalization takes away again has no gradient at all */
function relativeDifference(found: Float32Array, expected: Float32Array, least = 0): number {
  assert.equal(found.length, expected.length);
  return length(found.map((value, i) => value - expected[i]!)) / Math.max(length(expected), least);
}

async function mustAgreeWithServing(graph: TrainableGraph, reference: TorchReference): Promise<void> {
  const { model, image, imageSize } = reference;
  const { logits } = await served(model, image, [BATCH, 3, imageSize, imageSize]);
  const input = imageOf(reference);
  const own = tensorFlow.tf.tidy(() => graph.run(input, "frozen").get("logits")!);
  assert.deepEqual(own.shape, [BATCH, OUTPUTS]);
  // Seven digits are all that a float has: of outputs above 1, the largest is the measure.
  const difference = largestDifference(await own.data(), logits!) / Math.max(1, ...logits!.map(Math.abs));
  tensorFlow.tf.dispose([own, input]);
  assert.ok(difference <= LARGEST_DIFFERENCE, `onnxruntime and the training graph differ by ${difference}`);
}

function lossOf(graph: TrainableGraph, image: Tensor, target: Tensor, mode: "frozen" | "batch"): Scalar {
  return graph.run(image, mode).get("logits")!.sub(target).square().mean().asScalar();
}

/** A kernel of a convolution back in ONNX's order. */
async function inOnnxOrder(gradient: Tensor): Promise<Float32Array> {
  return (await (gradient.rank === 4 ? gradient.transpose([3, 2, 0, 1]) : gradient).data()) as Float32Array;
}

async function worstGradient(graph: TrainableGraph, reference: TorchReference, mode: "frozen" | "batch") {
  const { tf } = tensorFlow;
  const [image, target] = [imageOf(reference), tf.tensor(reference.target, [BATCH, OUTPUTS])];
  const names = new Map([...graph.trainable].map(([name, variable]) => [variable.name, name]));
  const { value, grads } = tf.variableGrads(() => lossOf(graph, image, target, mode), [...graph.trainable.values()]);
  const [loss] = await value.data();
  assert.ok(
    Math.abs(loss! / reference.loss[mode] - 1) < LARGEST_DIFFERENCE,
    `loss ${loss}, PyTorch ${reference.loss[mode]}`,
  );
  const least =
    1e-3 * Math.max(...reference.gradients[mode].flatMap((gradients) => [...gradients.values()].map(length)));
  let worst = { weight: "", difference: 0 };
  for (const [variable, gradient] of Object.entries(grads)) {
    const weight = names.get(variable)!;
    const found = await inOnnxOrder(gradient);
    // At the kink of a ReLU a gradient depends on the last digit: there PyTorch differs from itself, and either will do.
    const differences = reference.gradients[mode].map((gradients) => {
      const expected = gradients.get(weight);
      assert.ok(expected !== undefined, `PyTorch knows no weight ${weight}`);
      return relativeDifference(found, expected, least);
    });
    const difference = Math.min(...differences);
    if (!(difference <= worst.difference)) worst = { weight, difference };
  }
  assert.equal(names.size, reference.gradients[mode][0]!.size, "each weight of PyTorch is one of ours");
  tf.dispose([value, grads, image, target]);
  return worst;
}

describe("networks of torchvision", () => {
  before(() => torchReferences(dir, IMAGE_SIZE, NETWORKS));

  for (const name of NETWORKS) {
    test(`${name}: outputs are onnxruntime's, gradients PyTorch's, and what was trained is what is served`, async (t) => {
      const reference = readReference(dir, name, IMAGE_SIZE);
      const graph = new TrainableGraph(tensorFlow, reference.model);
      await mustAgreeWithServing(graph, reference);
      for (const mode of ["frozen", "batch"] as const) {
        const { weight, difference } = await worstGradient(graph, reference, mode);
        t.diagnostic(`${mode}: largest relative difference of a gradient ${difference.toExponential(1)} (${weight})`);
        assert.ok(difference <= LARGEST_GRADIENT_DIFFERENCE, `${mode}: ${weight} differs by ${difference}`);
      }
      graph.moveStatistics();
      await graph.writeBack();
      for (const [statistic, expected] of Object.entries(reference.statistics)) {
        const tensor = reference.model.initializers.get(statistic)!;
        assert.ok("data" in tensor);
        assert.ok(
          relativeDifference(tensor.data as Float32Array, Float32Array.from(expected)) < LARGEST_GRADIENT_DIFFERENCE,
        );
      }
      await train(graph, reference);
      await graph.writeBack();
      await mustAgreeWithServing(graph, reference);
      graph.dispose();
    });
  }
});

async function train(graph: TrainableGraph, reference: TorchReference): Promise<void> {
  const { tf } = tensorFlow;
  const [image, target] = [imageOf(reference), tf.tensor(reference.target, [BATCH, OUTPUTS])];
  const optimizer = tf.train.sgd(LEARNING_RATE);
  const losses: number[] = [];
  for (let step = 0; step < 3; step++) {
    const loss = optimizer.minimize(() => lossOf(graph, image, target, "batch"), true, [...graph.trainable.values()])!;
    graph.moveStatistics();
    losses.push((await loss.data())[0]!);
    loss.dispose();
  }
  tf.dispose([image, target]);
  assert.ok(losses.at(-1)! < losses[0]!, `the loss falls: ${losses}`);
}

test("the default model can be trained: map, largest cells and head, each weight of it", async () => {
  const { tf } = tensorFlow;
  const model = readModel(readFileSync(new URL("../../models/ich-lite/0.2.1/model.onnx", import.meta.url)));
  const graph = new TrainableGraph(tensorFlow, model);
  const dims = [2, 1, 160, 160];
  const image = Float32Array.from({ length: 2 * 160 * 160 }, (_, i) => Math.sin(i / 7) + Math.cos(i / 977));
  const input = tf.tensor(image, dims);
  const loss = () => {
    const outputs = graph.run(input, "frozen");
    return outputs.get("logits")!.square().mean().add(outputs.get("map")!.square().mean()).asScalar();
  };
  const { grads } = tf.variableGrads(loss, [...graph.trainable.values()]);
  for (const gradient of Object.values(grads)) assert.ok((await gradient.abs().max().data())[0]! > 0);
  tf.train.sgd(1e-4).minimize(loss, false, [...graph.trainable.values()]);
  await graph.writeBack();
  const outputs = tf.tidy(() => Object.fromEntries(graph.run(input, "frozen")));
  const found = await served(model, image, dims);
  for (const name of ["logits", "map"]) {
    const difference = largestDifference(await outputs[name]!.data(), found[name]!);
    assert.ok(difference <= LARGEST_DIFFERENCE, `${name} differs by ${difference}`);
  }
});

test("an operator that is not known is named with its node, before anything is calculated", () => {
  const model = readModel(readFileSync(new URL("../../models/ich-lite/0.2.1/model.onnx", import.meta.url)));
  model.nodes.push(node("LSTM", ["map"], ["remembered"]), node("Einsum", ["map"], ["product"]));
  assert.throws(() => new TrainableGraph(tensorFlow, model), {
    code: "onnx-invalid",
    message: /LSTM \(LSTM_remembered\)|Einsum \(Einsum_product\)/,
  });
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as ort from "onnxruntime-node";
import { LABELS } from "../../src/contract/labels.ts";
import { node } from "../../src/onnx/graph.ts";
import { headOf, replaceHead } from "../../src/onnx/head.ts";
import { type Model, readModel, writeModel } from "../../src/onnx/model.ts";
import { tinyOnnxModel } from "../support/onnx-model.ts";

const CHANNELS = 3;
const IMAGE = new ort.Tensor(
  "float32",
  Float32Array.from({ length: 2 * CHANNELS * 16 }, (_, i) => Math.sin(i)),
  [2, CHANNELS, 4, 4],
);

/** A classifier of 5 classes: convolution, mean over the plane, linear layer, softmax. */
function classifier(pool: "GlobalAveragePool" | "ReduceMean" | "MaxPool"): Model {
  const weights = Array.from({ length: CHANNELS }, () => [1, 2, 3, 4, 5]);
  const model = readModel(
    tinyOnnxModel({ channels: CHANNELS, size: 4, weights, bias: [0, 0, 0, 0, 0], output: { name: "x" } }),
  );
  const kernel = Float32Array.from({ length: 4 * CHANNELS * 9 }, (_, i) => Math.cos(i) / 3);
  model.initializers.clear();
  model.initializers.set("kernel", { name: "kernel", dims: [4, CHANNELS, 3, 3], data: kernel });
  model.initializers.set("fc", { name: "fc", dims: [5, 4], data: new Float32Array(20).fill(1) });
  const pooled = {
    GlobalAveragePool: node("GlobalAveragePool", ["features"], ["pooled"]),
    ReduceMean: node("ReduceMean", ["features"], ["pooled"], { axes: { type: "ints", value: [-1, -2] } }),
    MaxPool: node("MaxPool", ["features"], ["pooled"], { kernel_shape: { type: "ints", value: [4, 4] } }),
  }[pool];
  model.nodes = [
    node("Conv", ["image", "kernel"], ["convolved"], { pads: { type: "ints", value: [1, 1, 1, 1] } }),
    node("Relu", ["convolved"], ["features"]),
    pooled,
    node("Flatten", ["pooled"], ["flat"]),
    node("Gemm", ["flat", "fc"], ["sums"], { transB: { type: "int", value: 1 } }),
    node("Softmax", ["sums"], ["classes"]),
  ];
  model.outputs = [{ name: "classes", shape: ["N", 5] }];
  return model;
}

async function run(model: Model) {
  const session = await ort.InferenceSession.create(writeModel(model));
  const found = await session.run({ image: IMAGE });
  await session.release();
  return found;
}

const NEW_HEAD = { labels: LABELS, prevalence: 0.1, seed: 1 };

for (const pool of ["GlobalAveragePool", "ReduceMean"] as const) {
  test(`a classifier that ends in ${pool} gets six logits and their map, whose mean is the logit`, async () => {
    const model = classifier(pool);
    assert.deepEqual(replaceHead(model, NEW_HEAD), { hasMap: true });
    const { logits, map } = await run(model);
    assert.deepEqual(logits?.dims, [2, 6]);
    assert.deepEqual(map?.dims, [2, 6, 4, 4]);
    const [values, cells] = [logits!.data as Float32Array, map!.data as Float32Array];
    values.forEach((logit, i) => {
      const mean = cells.subarray(i * 16, (i + 1) * 16).reduce((sum, cell) => sum + cell, 0) / 16;
      assert.ok(Math.abs(mean - logit) < 1e-5);
      assert.ok(Math.abs(1 / (1 + Math.exp(-logit)) - 0.1) < 0.02, "before it has learnt, it answers the prevalence");
    });
    assert.ok(!model.initializers.has("fc"), "the old weights are gone");
  });
}

test("a classifier whose features are no mean of a map gets logits without a map", async () => {
  const model = classifier("MaxPool");
  assert.deepEqual(replaceHead(model, NEW_HEAD), { hasMap: false });
  assert.deepEqual(Object.keys(await run(model)), ["logits"]);
});

test("the same seed makes the same head, another one another", () => {
  const made = [1, 1, 2].map((seed) => {
    const model = classifier("ReduceMean");
    replaceHead(model, { ...NEW_HEAD, seed });
    return Buffer.from(writeModel(model)).toString("base64");
  });
  assert.equal(made[0], made[1]);
  assert.notEqual(made[0], made[2]);
});

test("a model that ends otherwise, or takes two images, is refused by name", () => {
  const other = classifier("ReduceMean");
  other.nodes = other.nodes.slice(0, 4);
  other.outputs = [{ name: "flat", shape: null }];
  assert.throws(() => headOf(other), /output flat is not made by a linear layer .* but by ReduceMean/);
  const two = classifier("ReduceMean");
  two.inputs.push({ name: "age", shape: ["N", 1] });
  assert.throws(() => headOf(two), /it has 2 inputs \(image, age\)/);
});

test("a model whose logits are the sum of two branches has no head to replace", () => {
  const file = readFileSync(new URL("../../models/ich-lite/0.2.1/model.onnx", import.meta.url));
  assert.throws(() => headOf(readModel(file)), { code: "onnx-invalid" });
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import * as ort from "onnxruntime-node";
import { findModel } from "../../src/ai/model-package.ts";
import { modelRoots } from "../../src/installation.ts";
import { readModel, writeModel } from "../../src/onnx/model.ts";
import { writeFields } from "../../src/onnx/wire.ts";
import { tinyOnnxModel } from "../support/onnx-model.ts";

const TINY = {
  channels: 2,
  size: 4,
  weights: [
    [1, 2],
    [3, -4],
  ],
  bias: [0.5, -0.5],
  output: { name: "logits" },
  mapName: "map",
};

async function answers(bytes: Uint8Array, dims: number[]): Promise<Map<string, Float32Array>> {
  const session = await ort.InferenceSession.create(bytes);
  const size = dims.reduce((a, b) => a * b);
  const image = Float32Array.from({ length: size }, (_, i) => Math.sin(i * 0.013));
  const found = await session.run({ [session.inputNames[0]!]: new ort.Tensor("float32", image, dims) });
  await session.release();
  return new Map(Object.entries(found).map(([name, { data }]) => [name, data as Float32Array]));
}

test("a model that is read and written back gives the same answers to the bit", async () => {
  const shipped = await findModel("ich-lite", modelRoots(path.join("does", "not", "exist")));
  const files: [Uint8Array, number[]][] = [
    [tinyOnnxModel(TINY), [1, 2, 4, 4]],
    [readFileSync(shipped.onnxFile), [2, 1, 160, 160]],
  ];
  for (const [file, dims] of files) {
    const again = writeModel(readModel(file));
    assert.deepEqual(await answers(again, dims), await answers(file, dims));
    assert.deepEqual(writeModel(readModel(again)), again);
  }
});

test("nodes, attributes, weights and shapes are read as they are", () => {
  const { nodes, initializers, inputs, outputs, opset } = readModel(tinyOnnxModel(TINY));
  assert.deepEqual(
    nodes.map(({ operator }) => operator),
    ["ReduceMean", "MatMul", "Add", "Conv"],
  );
  assert.deepEqual(nodes[0]?.attributes.get("axes"), { type: "ints", value: [2, 3] });
  assert.deepEqual(nodes[0]?.attributes.get("keepdims"), { type: "int", value: 0 });
  assert.deepEqual(initializers.get("weights"), { name: "weights", dims: [2, 2], data: Float32Array.of(1, 2, 3, -4) });
  assert.deepEqual(
    inputs.map(({ name, shape }) => ({ name, shape })),
    [{ name: "image", shape: ["N", 2, 4, 4] }],
  );
  assert.deepEqual(
    outputs.map(({ name }) => name),
    ["logits", "map"],
  );
  assert.equal(opset, 13);
});

test("changed weights change the answers by as much", async () => {
  const model = readModel(tinyOnnxModel(TINY));
  model.initializers.set("bias", { name: "bias", dims: [2], data: Float32Array.of(10.5, -0.5) });
  const [before, after] = [
    await answers(tinyOnnxModel(TINY), [1, 2, 4, 4]),
    await answers(writeModel(model), [1, 2, 4, 4]),
  ];
  assert.ok(Math.abs(after.get("logits")![0]! - before.get("logits")![0]! - 10) < 1e-5);
  assert.equal(after.get("logits")![1], before.get("logits")![1]);
});

test("a file that is cut off, or something else, is refused and not misread", () => {
  const file = tinyOnnxModel(TINY);
  for (const bytes of [file.subarray(0, file.length - 7), Buffer.from("PK\u0003\u0004 a zip file"), new Uint8Array(0)])
    assert.throws(() => readModel(bytes), { code: "onnx-invalid" });
});

test("weights that lie in another file are named, not taken for zeros", () => {
  const model = readModel(tinyOnnxModel(TINY));
  const external = [
    { number: 1, wire: 0 as const, value: 2 },
    { number: 2, wire: 0 as const, value: 1 },
    { number: 8, wire: 2 as const, value: Buffer.from("far") },
    { number: 14, wire: 0 as const, value: 1 },
  ];
  model.graphOthers.push({ number: 5, wire: 2, value: writeFields(external) });
  assert.throws(() => readModel(writeModel(model)), /tensor far lies in a file of its own/);
});

test("negative and very large numbers survive", () => {
  const model = readModel(tinyOnnxModel(TINY));
  model.nodes[0]!.attributes.set("axes", { type: "ints", value: [-1, -2] });
  model.initializers.set("shape", { name: "shape", dims: [3], data: BigInt64Array.of(-1n, 2n ** 62n, 0n) });
  const again = readModel(writeModel(model));
  assert.deepEqual(again.nodes[0]?.attributes.get("axes"), { type: "ints", value: [-1, -2] });
  assert.deepEqual(again.initializers.get("shape"), model.initializers.get("shape"));
});

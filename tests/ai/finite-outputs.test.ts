import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { loadModel } from "../../src/ai/model-package.ts";
import { SliceOutputs } from "../../src/ai/slice-outputs.ts";
import { VolumeScorer } from "../../src/ai/volume-scorer.ts";
import { configSchema } from "../../src/config.ts";
import { LABELS } from "../../src/contract/labels.ts";
import { type TinyPackage, writeTinyPackage } from "../support/model-package.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { evenSlices, volumeOf } from "../support/volumes.ts";

const folder = temporaryFolder();
const inference = { ...configSchema.parse({}).inference, provider: "cpu" as const };
const refused = { code: "inference-failed", message: /not finite/ };

describe("a network that gives values that are no numbers ends as an error, never as a result", () => {
  async function scoreWith(name: string, changes: TinyPackage) {
    const model = await loadModel(writeTinyPackage(folder, { name, ...changes }));
    const scorer = await VolumeScorer.start({ model, inference });
    try {
      return await scorer.score(volumeOf(evenSlices([0, 25, 50, 75, 100, 100, 50, 0])));
    } finally {
      await scorer.stop();
    }
  }
  const bias = (value: number) => LABELS.map((label) => (label === "subdural" ? value : 0));

  test("as logits of one label", async () => {
    await assert.rejects(scoreWith("nan", { model: { bias: bias(Number.NaN) } }), refused);
    await assert.rejects(scoreWith("infinite", { model: { bias: bias(Number.POSITIVE_INFINITY) } }), refused);
  });

  test("as probabilities", async () => {
    const model = { bias: bias(Number.NaN), output: { name: "p", sigmoid: true } };
    await assert.rejects(scoreWith("nan-probability", { model, outputs: { probabilities: "p" } }), refused);
  });

  test("in the map", () => {
    const outputs = new SliceOutputs(1, 1, { logits: "logits", map: "map" });
    const logits = { data: new Float32Array(LABELS.length), shape: [1, LABELS.length] };
    const map = { data: new Float32Array(4 * LABELS.length), shape: [1, LABELS.length, 2, 2] };
    outputs.add([{ z: 0, mirrored: false }], { logits, map });
    map.data[7] = Number.NaN;
    assert.throws(() => outputs.add([{ z: 0, mirrored: false }], { logits, map }), refused);
    assert.throws(
      () => outputs.add([{ z: 0, mirrored: false }], { logits: { data: new Float32Array(3), shape: [1, 3] }, map }),
      refused,
    );
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { findModel } from "../../src/ai/model-package.ts";
import { VolumeScorer } from "../../src/ai/volume-scorer.ts";
import { configSchema } from "../../src/config.ts";
import { modelRoots } from "../../src/installation.ts";
import { headVolume } from "../support/volumes.ts";

// onnxruntime takes the whole process down when its thread is ended inside run(): then this file fails as a whole.
test("a scorer that is stopped in the middle of a study breaks it off, and nothing else", async () => {
  const model = await findModel("ich-lite", modelRoots("no-such-folder"));
  const volume = headVolume();
  for (let round = 0; round < 3; round++) {
    const scorer = await VolumeScorer.start({ model, inference: configSchema.parse({}).inference });
    const begun = Promise.withResolvers<void>();
    const scoring = scorer.score(volume, { onProgress: () => begun.resolve() });
    await Promise.race([begun.promise, scoring]);
    await Promise.all([assert.rejects(scoring, { code: "interrupted" }), scorer.stop()]);
  }
});

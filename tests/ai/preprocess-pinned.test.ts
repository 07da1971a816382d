import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { findModel } from "../../src/ai/model-package.ts";
import { Preprocessor } from "../../src/ai/preprocess.ts";
import { VolumeScorer } from "../../src/ai/volume-scorer.ts";
import { configSchema } from "../../src/config.ts";
import { LABELS } from "../../src/contract/labels.ts";
import { openFolder } from "../../src/dicom/folder-source.ts";
import { type CtSlice, readSlices } from "../../src/dicom/slice.ts";
import type { CtVolume } from "../../src/dicom/volume.ts";
import { modelRoots } from "../../src/installation.ts";
import { readSeries } from "../support/read-series.ts";
import { needs, sharedData } from "../support/shared-data.ts";
import { bleedingHeadVolume, headVolume, volumeOf } from "../support/volumes.ts";

/** The model learnt from images prepared in one way: on an ordinary head no number may change, whatever else is read. */
describe("an ordinary head is prepared and scored as it always was", () => {
  let scorer: VolumeScorer;
  before(async () => {
    const { inference } = configSchema.parse({});
    const model = await findModel("ich-lite", modelRoots("none"));
    scorer = await VolumeScorer.start({ model, inference: { ...inference, provider: "cpu" } });
  });
  after(() => scorer.stop());

  const assertScores = async (volume: CtVolume, expected: number[]) => {
    const { study } = (await scorer.score(volume)).probabilities;
    for (const [i, label] of LABELS.entries()) {
      assert.ok(Math.abs(study[label] - expected[i]!) < 1e-6, `${label}: ${study[label]}`);
    }
  };

  test("the phantom", async () => {
    const volume = headVolume();
    await assertScores(
      volume,
      [
        0.0760324064461839, 0.0012823351607625713, 0.000027422699428921267, 0.017043958473931062, 0.00933461935400412,
        0.02212353810404748,
      ],
    );
    const preprocessor = await Preprocessor.plan(volume, scorer.model.manifest.input);
    const sums = [5, 15, 25].map((z) => preprocessor.image(z, false).reduce((sum, x, i) => sum + x * ((i % 7) + 1), 0));
    assert.deepEqual(
      sums.map((sum) => sum.toFixed(3)),
      ["-38784.880", "-39307.715", "-94178.036"],
    );
  });

  test("the phantom that bleeds", async () => {
    await assertScores(
      bleedingHeadVolume(),
      [
        0.22271719727420958, 0.9259601159060693, 0.6749585518317355, 0.019829070191791812, 0.00933461935400412,
        0.9979488887386067,
      ],
    );
  });

  // One GE series, 28 slices: lower ones of 4 mm, upper ones of 7 mm, gantry tilt 18.5 degrees (neurolabusc/dcm_qa_ct).
  test("a real head, tilted and unevenly sliced; all of it was seen", needs("dcm-qa-ct"), async () => {
    const [source] = await openFolder(sharedData("dcm-qa-ct"));
    const [header] = await source!.listInstances();
    const slices: CtSlice[] = [];
    for await (const instance of readSeries(source!, header!.seriesInstanceUid)) {
      slices.push(...(await readSlices(instance)));
    }
    const volume = volumeOf(slices);
    await assertScores(
      volume,
      [
        0.2246900625437461, 0.1303684788052262, 0.018355459443051923, 0.049395639252422345, 0.029206660445647598,
        0.3239903904810504,
      ],
    );
    // Slices overlap by 4.4 mm where the thickness changes, and touch each other elsewhere; 150 mm are covered, and the
    // highest slice shows no more than scalp.
    assert.equal(volume.slices.length, 28);
    assert.deepEqual(
      volume.warnings.map(({ code, notSeen }) => [code, notSeen]),
      [
        ["variable-spacing", null],
        ["gantry-tilt", null],
      ],
    );
    assert.match(volume.warnings[1]!.message, /18\.5°/);
  });
});

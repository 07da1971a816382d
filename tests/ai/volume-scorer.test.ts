import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { findModel, loadModel } from "../../src/ai/model-package.ts";
import { VolumeScorer } from "../../src/ai/volume-scorer.ts";
import { type Config, configSchema } from "../../src/config.ts";
import { LABELS } from "../../src/contract/labels.ts";
import type { CtVolume } from "../../src/dicom/volume.ts";
import { VigilError } from "../../src/errors.ts";
import { modelRoots } from "../../src/installation.ts";
import { type TinyPackage, writeTinyPackage } from "../support/model-package.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { bleedingHeadVolume, evenSlices, headVolume, volumeOf } from "../support/volumes.ts";

const folder = temporaryFolder();

function inference(changes: Partial<Config["inference"]> = {}): Config["inference"] {
  return { ...configSchema.parse({}).inference, provider: "cpu", ...changes };
}

/** The study score before its calibration: sigmoid(slope * score + intercept) undone. */
function scoreOf(probability: number, [slope, intercept]: [number, number]): number {
  return (Math.log(probability / (1 - probability)) - intercept) / slope;
}

describe("the default model", () => {
  let scorer: VolumeScorer;
  before(async () => {
    const model = await findModel("ich-lite", modelRoots(folder));
    scorer = await VolumeScorer.start({ model, inference: inference({ provider: "auto" }) });
  });
  after(() => scorer.stop());

  const anyScore = (probability: number) => scoreOf(probability, scorer.model.manifest.calibration.study.any);

  test("gives a head without a bleed the score that the reference in Python gives", async () => {
    const scores = await scorer.score(headVolume());
    const score = anyScore(scores.probabilities.study.any);
    assert.ok(Math.abs(score - -1.628) < 0.02, `score ${score}`);
    assert.equal(scores.flag, "negative");
    for (const finding of scores.findings) {
      assert.equal(finding.presence, "absent");
      assert.deepEqual(finding.keySlices, []);
      assert.equal(finding.laterality, null);
    }
  });

  test("flags a head with a bleed, finds the slice, the place and the side", async () => {
    const volume = bleedingHeadVolume();
    const progress: string[] = [];
    const scores = await scorer.score(volume, { onProgress: (done, total) => progress.push(`${done}/${total}`) });
    const score = anyScore(scores.probabilities.study.any);
    assert.ok(Math.abs(score - 4.639) < 0.02, `score ${score}`);
    assert.equal(scores.flag, "critical");
    assert.equal(progress.at(-1), "30/30");
    const any = scores.findings.find((finding) => finding.label === "any")!;
    assert.equal(any.presence, "present");
    assert.equal(any.laterality, "left");
    const [key] = any.keySlices;
    assert.ok(key!.z >= 11 && key!.z <= 19, `slice ${key!.z}`);
    assert.equal(key!.sopInstanceUid, volume.slices[key!.z]!.header.sopInstanceUid);
    const [left, top, right, bottom] = key!.box!;
    assert.ok(left < 165 && right > 155 && top < 140 && bottom > 130, `box ${key!.box}`);
    assert.ok((right - left) * (bottom - top) < 80 * 80, `box ${key!.box}`);
  });

  test("reads a slice that is stored turned by half a turn as the upright one, its map too", async () => {
    const upright = bleedingHeadVolume();
    const turned: CtVolume = {
      ...upright,
      slices: upright.slices.map((slice) => ({
        ...slice,
        orientation: [-1, 0, 0, 0, -1, 0],
        cornerMm: [-slice.cornerMm[0], -slice.cornerMm[1], slice.cornerMm[2]],
        hu: slice.hu.toReversed(),
      })),
    };
    const [plain, other] = [await scorer.score(upright), await scorer.score(turned)];
    assert.ok(Math.abs(plain.probabilities.study.any - other.probabilities.study.any) < 0.02);
    const [a, b] = [plain, other].map(({ findings }) => findings.find((finding) => finding.label === "any")!);
    assert.equal(b!.laterality, "left");
    assert.equal(b!.keySlices[0]!.z, a!.keySlices[0]!.z);
    const [left, , right] = a!.keySlices[0]!.box!;
    const [leftTurned, , rightTurned] = b!.keySlices[0]!.box!;
    const shift = Math.abs((left + right) / 2 - (256 - (leftTurned + rightTurned) / 2));
    assert.ok(shift < 15, `boxes ${a!.keySlices[0]!.box} and ${b!.keySlices[0]!.box}`);
  });

  test("lays the heat map over the head of each slice", async () => {
    const volume = headVolume();
    const { heatMap } = await scorer.score(volume);
    assert.equal(heatMap!.slices.length, volume.slices.length);
    assert.deepEqual([heatMap!.gridWidth, heatMap!.gridHeight], [20, 20]);
    for (const [z, { sopInstanceUid, area, cells }] of heatMap!.slices.entries()) {
      assert.equal(sopInstanceUid, volume.slices[z]!.header.sopInstanceUid);
      assert.equal(cells.length, LABELS.length * 400);
      const centre = [(area[0] + area[2]) / 2, (area[1] + area[3]) / 2];
      assert.ok(
        centre.every((at) => Math.abs(at - 128) < 5),
        `centre ${centre}`,
      );
    }
  });

  test("reports the provider that runs and stays usable after an aborted study", async () => {
    assert.equal(scorer.provider, "cpu");
    const signal = AbortSignal.abort();
    await assert.rejects(scorer.score(headVolume(), { signal }), { code: "interrupted" });
    const inTheMiddle = new AbortController();
    const aborted = scorer.score(headVolume(), {
      signal: inTheMiddle.signal,
      onProgress: () => inTheMiddle.abort(),
    });
    await assert.rejects(aborted, { code: "interrupted" });
    const { flag } = await scorer.score(headVolume());
    assert.equal(flag, "negative");
  });
});

describe("any other classifier", () => {
  const volume = () => volumeOf(evenSlices([0, 25, 50, 75, 100, 100, 50, 0]));

  async function sliceLogits(name: string, changes: TinyPackage, settings?: Partial<Config["inference"]>) {
    const model = await loadModel(writeTinyPackage(folder, { name, ...changes }));
    const scorer = await VolumeScorer.start({ model, inference: inference(settings) });
    try {
      const { probabilities, heatMap, findings } = await scorer.score(volume());
      const logits = probabilities.slices.map(({ any }) => Number(scoreOf(any, [1, 0]).toFixed(4)));
      return { logits, heatMap, findings };
    } finally {
      await scorer.stop();
    }
  }

  const BRIGHTNESS = [0, 0.25, 0.5, 0.75, 1, 1, 0.5, 0];

  test("gets whole slices in its window, normalised, whatever the batch and number of threads", async () => {
    const { logits, heatMap } = await sliceLogits("plain", {}, { batchSize: 3, workers: 2 });
    assert.deepEqual(logits, BRIGHTNESS);
    assert.equal(heatMap, null);
    const input = { normalize: { mean: [0.5], std: [0.5] } };
    const normalised = await sliceLogits("normalised", { input });
    assert.deepEqual(
      normalised.logits,
      BRIGHTNESS.map((value) => 2 * value - 1),
    );
  });

  test("gets neighbours as channels, also with the channels last", async () => {
    const window = { center: 50, width: 100 };
    const input = { layout: "NHWC" as const, channels: [-1, 0, 1].map((slice) => ({ slice, window })) };
    const weights = [LABELS.map(() => 1), LABELS.map(() => 10), LABELS.map(() => 100)];
    const { logits } = await sliceLogits("neighbours", { input, model: { weights, bias: LABELS.map(() => -100) } });
    assert.deepEqual(logits.slice(1, 4), [0 + 2.5 + 50 - 100, 0.25 + 5 + 75 - 100, 0.5 + 7.5 + 100 - 100]);
  });

  test("may ask for the window of the image", async () => {
    // The phantom's headers say centre 40, width 120.
    const { logits } = await sliceLogits("header", { input: { channels: [{ slice: 0, window: "header" }] } });
    assert.deepEqual(logits.slice(0, 3), [0.1667, 0.375, 0.5833]);
  });

  test("may give probabilities, and may take one image at a time", async () => {
    const { logits } = await sliceLogits("probabilities", {
      model: { output: { name: "p", sigmoid: true }, batch: 1 },
      outputs: { probabilities: "p" },
      postprocess: { flip: true, zSmoothing: null, maxGapMm: 12 },
    });
    assert.deepEqual(logits, BRIGHTNESS);
  });

  test("has the last batch filled up where it takes an exact number of images", async () => {
    const { logits } = await sliceLogits("batches", { model: { batch: 5 } });
    assert.deepEqual(logits, BRIGHTNESS);
  });

  test("without a map has findings that cover the whole image", async () => {
    const { findings } = await sliceLogits("no-map", {});
    const any = findings.find((finding) => finding.label === "any")!;
    assert.equal(any.presence, "present");
    assert.deepEqual(any.keySlices[0]!.box, [0, 0, 16, 16]);
    assert.equal(any.laterality, null);
  });

  test("with a map for the whole slice has it laid over the whole slice", async () => {
    const { heatMap } = await sliceLogits("map", {
      model: { mapName: "map" },
      outputs: { logits: "logits", map: "map" },
    });
    const brightest = heatMap!.slices[4]!;
    assert.deepEqual(brightest.area, [0, 0, 16, 16]);
    // sigmoid(1) of 255
    assert.ok(brightest.cells.every((cell) => cell === 186));
  });
});

describe("a model that cannot be used", () => {
  async function startFailure(name: string, changes: TinyPackage, settings?: Partial<Config["inference"]>) {
    const model = await loadModel(writeTinyPackage(folder, { name, ...changes }));
    const started = VolumeScorer.start({ model, inference: inference(settings) });
    const error = await started.then(
      (scorer) => scorer.stop(),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof VigilError, "it started");
    return error;
  }

  test("is refused when its input has another name or shape", async () => {
    const renamed = await startFailure("renamed", { model: { inputName: "x" } });
    assert.equal(renamed.code, "model-invalid");
    assert.match(renamed.message, /no input "image" \(it has x\)/);
    const resized = await startFailure("resized", { model: { size: 16 } });
    assert.match(resized.message, /\[N, 1, 16, 16\], the manifest says \[N, 1, 8, 8\]/);
  });

  test("is refused when its outputs do not fit", async () => {
    const renamed = await startFailure("no-logits", { model: { output: { name: "scores" } } });
    assert.match(renamed.message, /no output "logits" \(it has scores\)/);
    const fewer = await startFailure("five-labels", { model: { weights: [[1, 1, 1, 1, 1]], bias: [0, 0, 0, 0, 0] } });
    assert.match(fewer.message, /"logits" is \[1, 5\] for 1 image\(s\), not \[1, 6\]/);
  });

  test("is refused when the execution provider asked for does not run it", async () => {
    const error = await startFailure("no-tensorrt", {}, { provider: "tensorrt" });
    assert.equal(error.code, "provider-unavailable");
    assert.match(error.message, /tensorrt/);
  });
});

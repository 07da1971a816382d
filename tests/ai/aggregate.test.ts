import assert from "node:assert/strict";
import { test } from "node:test";
import { aggregate, logit, sigmoid, smoothedAlongZ, topMean } from "../../src/ai/aggregate.ts";
import { LABELS, perLabel } from "../../src/contract/labels.ts";

const logitsOf = (values: number[]) => values.map((value) => LABELS.map(() => value));
const SMOOTHING = { zSmoothing: [0.25, 0.5, 0.25] as [number, number, number], maxGapMm: 12 };

test("slices are smoothed with their neighbours; at the ends and over gaps a slice stands in for the missing one", () => {
  const smoothed = smoothedAlongZ(logitsOf([0, 4, 8, 0]), [0, 5, 10, 40], SMOOTHING);
  assert.deepEqual(
    smoothed.map(([value]) => value),
    [1, 4, 7, 0],
  );
  const unsmoothed = smoothedAlongZ(logitsOf([0, 4]), [0, 5], { ...SMOOTHING, zSmoothing: null });
  assert.deepEqual(unsmoothed, logitsOf([0, 4]));
});

test("a study's score is the mean of its highest slices, of all where there are fewer", () => {
  assert.equal(topMean([1, 5, 3, 4, -2], 3), 4);
  assert.equal(topMean([1, 3], 3), 2);
});

test("slices and study are calibrated each by its own curve", () => {
  const { study, slices } = aggregate(logitsOf([0, 2]), [0, 5], {
    postprocess: { flip: false, zSmoothing: null, maxGapMm: 12 },
    aggregation: { method: "top-k-mean", k: 1 },
    calibration: { method: "platt", slice: perLabel(() => [2, -1]), study: perLabel(() => [1, 1]) },
  });
  assert.equal(study.any, sigmoid(3));
  assert.deepEqual(
    slices.map(({ subdural }) => subdural),
    [sigmoid(-1), sigmoid(3)],
  );
});

test("a probability and its logit are the same thing, also at the ends", () => {
  assert.ok(Math.abs(sigmoid(logit(0.3)) - 0.3) < 1e-12);
  assert.ok(Number.isFinite(logit(0)) && Number.isFinite(logit(1)));
});

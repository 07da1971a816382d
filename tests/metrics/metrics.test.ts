import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { calibration, logLoss, plattScaling, weightedLogLoss } from "../../src/metrics/calibration.ts";
import type { Case } from "../../src/metrics/case.ts";
import { confusionAt, netBenefit } from "../../src/metrics/confusion.ts";
import { compareAucs } from "../../src/metrics/delong.ts";
import { bootstrapInterval, wilsonInterval } from "../../src/metrics/interval.ts";
import { auc, averagePrecision, curve } from "../../src/metrics/ranking.ts";
import { randomNumbers } from "../../src/random.ts";

const cases = (scores: number[], positives: number[], patients = scores.map(String)): Case[] =>
  scores.map((score, i) => ({ score, isPositive: positives[i] === 1, patient: patients[i]! }));

const near = (actual: number | null | undefined, expected: number, within = 1e-9) =>
  assert.ok(
    actual !== null && actual !== undefined && Math.abs(actual - expected) <= within,
    `${actual} is not ${expected}`,
  );

/** Cases by chance: positives score higher by one deviation of a normal distribution, more or less. */
function drawn(count: number, seed: number, gap = 1): Case[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, (_, i) => {
    const isPositive = random() < 0.3;
    const noise = random() + random() + random() - 1.5;
    return { score: noise * 2 + (isPositive ? gap : 0), isPositive, patient: `${i % 40}` };
  });
}

suite("ranking", () => {
  test("the area under the curve is the share of pairs in the right order, a tie half", () => {
    const some = drawn(200, 1);
    let [right, pairs] = [0, 0];
    for (const a of some.filter(({ isPositive }) => isPositive)) {
      for (const b of some.filter(({ isPositive }) => !isPositive)) {
        pairs++;
        right += a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0;
      }
    }
    near(auc(some), right / pairs);
    assert.equal(auc(cases([1, 1, 1, 1], [0, 1, 0, 1])), 0.5);
    assert.equal(auc(cases([1, 2], [1, 1])), null);
  });

  test("average precision is that of scikit-learn", () => {
    // sklearn.metrics.average_precision_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    near(averagePrecision(cases([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])), 0.8333333333333333);
    near(averagePrecision(cases([0.5, 0.5, 0.5, 0.9], [1, 0, 0, 1])), 0.75);
  });

  test("a curve goes from nothing called positive to everything", () => {
    const points = curve(drawn(50, 2));
    assert.deepEqual([points[0]?.sensitivity, points[0]?.specificity], [0, 1]);
    assert.deepEqual([points.at(-1)?.sensitivity, points.at(-1)?.specificity], [1, 0]);
    for (const [i, { threshold }] of points.entries()) if (i > 0) assert.ok(threshold < points[i - 1]!.threshold);
  });
});

suite("a threshold", () => {
  test("counts what it calls right and wrong", () => {
    const found = confusionAt(cases([0.2, 0.6, 0.6, 0.9, 0.5], [0, 0, 1, 1, 1]), 0.6);
    assert.deepEqual([found.truePositive, found.falsePositive, found.falseNegative, found.trueNegative], [2, 1, 1, 1]);
    near(found.accuracy, 3 / 5);
    near(found.precision, 2 / 3);
    near(found.recall, 2 / 3);
    near(found.specificity, 1 / 2);
  });

  test("that calls nothing has no precision, and says so", () => {
    assert.equal(confusionAt(cases([0.1, 0.2], [0, 1]), 0.9).precision, null);
  });

  test("has the net benefit of treating all where it calls all", () => {
    const all = cases([0.5, 0.6, 0.7, 0.8], [0, 0, 1, 1]);
    near(netBenefit(all, 0.2), 0.5 - 0.5 * 0.25);
  });
});

suite("intervals", () => {
  test("hold the true figure about as often as they promise", () => {
    const truth = auc(drawn(200_000, 99))!;
    let held = 0;
    for (let seed = 0; seed < 60; seed++) {
      const interval = bootstrapInterval(drawn(240, seed), auc, { seed, rounds: 300 });
      if (interval !== null && interval[0] <= truth && truth <= interval[1]) held++;
    }
    assert.ok(held >= 51, `${held} of 60`);
  });

  test("are wider where the cases of a patient are alike", () => {
    const alone = drawn(300, 3).map((one, i) => ({ ...one, patient: `${i}` }));
    const copies = alone.flatMap((one) => [one, one, one, one]);
    const width = (of: Case[]) => {
      const [low, high] = bootstrapInterval(of, auc, { seed: 1, rounds: 400 })!;
      return high - low;
    };
    near(width(copies), width(alone), 0.005);
    assert.ok(width(copies.map((one, i) => ({ ...one, patient: `${i}` }))) < 0.7 * width(alone));
  });

  test("are not given where hardly a sample has the figure", () => {
    assert.equal(bootstrapInterval(cases([1, 2, 3, 4], [1, 0, 0, 0]), auc, { seed: 1 }), null);
  });

  test("of a share are Wilson's", () => {
    const [low, high] = wilsonInterval(8, 10)!;
    near(low, 0.4901625, 1e-6);
    near(high, 0.9433178, 1e-6);
    assert.equal(wilsonInterval(0, 0), null);
  });
});

suite("two models on the same cases", () => {
  test("differ by DeLong's test about as the bootstrap says", () => {
    const first = drawn(400, 5, 1.5).map((one, i) => ({ ...one, patient: `${i}` }));
    const random = randomNumbers(6);
    const second = first.map((one) => ({ ...one, score: one.score + 2 * (random() - 0.5) }));
    const { difference, standardError, first: area } = compareAucs(first, second)!;
    near(area, auc(first)!);
    near(difference, auc(first)! - auc(second)!);
    const pairs = first.map((one, i) => ({ ...one, other: second[i]!.score }));
    const figure = (drawnPairs: typeof pairs) =>
      (auc(drawnPairs) ?? 0) - (auc(drawnPairs.map((pair) => ({ ...pair, score: pair.other }))) ?? 0);
    const [low, high] = bootstrapInterval(pairs, figure, { seed: 2, rounds: 600 })!;
    near((high - low) / (2 * 1.96), standardError, 0.2 * standardError);
  });

  test("that give the same scores do not differ", () => {
    const some = drawn(100, 7);
    assert.deepEqual([compareAucs(some, some)?.difference, compareAucs(some, some)?.pValue], [0, 1]);
  });

  test("cannot be compared on different cases", () => {
    assert.throws(() => compareAucs(drawn(10, 1), drawn(10, 2)), RangeError);
  });
});

suite("calibration", () => {
  test("of probabilities that mean what they say has no error", () => {
    const random = randomNumbers(8);
    const honest = Array.from({ length: 50_000 }, (_, i) => {
      const score = random();
      return { score, isPositive: random() < score, patient: `${i}` };
    });
    assert.ok(calibration(honest).ece < 0.01);
    near(calibration(honest).brier, 1 / 6, 0.005);
    const bold = honest.map((one) => ({ ...one, score: one.score > 0.5 ? 1 : 0 }));
    near(calibration(bold).ece, 0.25, 0.01);
  });

  test("by Platt finds the line that the logits came from", () => {
    const random = randomNumbers(9);
    const logits = Array.from({ length: 40_000 }, (_, i) => {
      const score = 8 * (random() - 0.5);
      return { score, isPositive: random() < 1 / (1 + Math.exp(-(0.7 * score - 1))), patient: `${i}` };
    });
    const { slope, offset } = plattScaling(logits)!;
    near(slope, 0.7, 0.03);
    near(offset, -1, 0.05);
  });

  test("by Platt stays finite where the classes are told apart without error", () => {
    const { slope, offset } = plattScaling(cases([-2, -1, 1, 2], [0, 0, 1, 1]))!;
    assert.ok(Number.isFinite(slope) && Number.isFinite(offset) && slope > 0);
  });

  test("log loss counts `any` twice where the weights say so", () => {
    const [a, b] = [cases([0.9, 0.1], [1, 0]), cases([0.5, 0.5], [1, 0])];
    near(logLoss(a), -Math.log(0.9));
    near(
      weightedLogLoss([
        { cases: a, weight: 1 },
        { cases: b, weight: 2 },
      ]),
      (-Math.log(0.9) - 2 * Math.log(0.5)) / 3,
    );
    assert.ok(Number.isFinite(logLoss(cases([0], [1]))));
  });
});

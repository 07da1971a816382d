import type { Case } from "./case.ts";

/** How far probabilities can be taken at their word. */
export interface Calibration {
  /** Mean squared error (Brier 1950). */
  brier: number;
  /** Expected calibration error: the mean gap between probability and share of positives, over ten equal bins. */
  ece: number;
  bins: { meanProbability: number; positiveShare: number; count: number }[];
}

const BINS = 10;

/** @param cases with probabilities as scores */
export function calibration(cases: readonly Case[]): Calibration {
  const sums = Array.from({ length: BINS }, () => ({ probability: 0, positive: 0, count: 0 }));
  let squares = 0;
  for (const { score, isPositive } of cases) {
    const bin = sums[Math.min(BINS - 1, Math.floor(score * BINS))]!;
    bin.probability += score;
    bin.positive += isPositive ? 1 : 0;
    bin.count++;
    squares += (score - (isPositive ? 1 : 0)) ** 2;
  }
  const filled = sums.filter(({ count }) => count > 0);
  const gap = filled.reduce((sum, { probability, positive }) => sum + Math.abs(probability - positive), 0);
  return {
    brier: squares / Math.max(1, cases.length),
    ece: gap / Math.max(1, cases.length),
    bins: filled.map(({ probability, positive, count }) => ({
      meanProbability: probability / count,
      positiveShare: positive / count,
      count,
    })),
  };
}

const SMALLEST = 1e-15;

/** Mean negative log likelihood of probabilities, in nats. */
export function logLoss(cases: readonly Case[]): number {
  const sum = cases.reduce((total, { score, isPositive }) => {
    const probability = Math.min(1 - SMALLEST, Math.max(SMALLEST, score));
    return total - Math.log(isPositive ? probability : 1 - probability);
  }, 0);
  return sum / Math.max(1, cases.length);
}

/**
 * Log loss over several labels, each with its weight: RSNA's metric counts `any` twice.
 * @param byLabel the cases of each label and its weight
 */
export function weightedLogLoss(byLabel: readonly { cases: readonly Case[]; weight: number }[]): number {
  const weights = byLabel.reduce((sum, { weight }) => sum + weight, 0);
  return byLabel.reduce((sum, { cases, weight }) => sum + weight * logLoss(cases), 0) / weights;
}

const NEWTON_STEPS = 100;

/**
 * Platt's scaling (Platt 1999): the probability is sigmoid(slope x logit + offset). Fitted by Newton's method to targets
 * drawn in from 0 and 1, as Platt has it, so that cases that are told apart without error do not send it to infinity.
 * @param cases with logits as scores
 * @returns null without positive or negative cases
 */
export function plattScaling(cases: readonly Case[]): { slope: number; offset: number } | null {
  const positive = cases.filter(({ isPositive }) => isPositive).length;
  const negative = cases.length - positive;
  if (positive === 0 || negative === 0) return null;
  const [high, low] = [(positive + 1) / (positive + 2), 1 / (negative + 2)];
  let [slope, offset] = [1, Math.log((positive + 1) / (negative + 1))];
  for (let step = 0; step < NEWTON_STEPS; step++) {
    let [gradientSlope, gradientOffset, hSlope, hBoth, hOffset] = [0, 0, 1e-9, 0, 1e-9];
    for (const { score, isPositive } of cases) {
      const probability = 1 / (1 + Math.exp(-(slope * score + offset)));
      const error = probability - (isPositive ? high : low);
      const weight = probability * (1 - probability);
      gradientSlope += error * score;
      gradientOffset += error;
      hSlope += weight * score * score;
      hBoth += weight * score;
      hOffset += weight;
    }
    const determinant = hSlope * hOffset - hBoth * hBoth;
    if (determinant <= 0) break;
    const moveSlope = (hOffset * gradientSlope - hBoth * gradientOffset) / determinant;
    const moveOffset = (hSlope * gradientOffset - hBoth * gradientSlope) / determinant;
    slope -= moveSlope;
    offset -= moveOffset;
    if (Math.abs(moveSlope) + Math.abs(moveOffset) < 1e-10) break;
  }
  return { slope, offset };
}

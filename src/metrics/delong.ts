import type { Case } from "./case.ts";

/** Two areas under the ROC curve on the same cases, and whether they differ. */
export interface AucComparison {
  first: number;
  second: number;
  difference: number;
  /** Standard error of the difference. */
  standardError: number;
  /** Two-sided. */
  pValue: number;
}

/**
 * DeLong's test for two correlated ROC curves (DeLong 1988). It takes cases for independent: compare studies by it, and
 * slices by the bootstrap over patients.
 * @param first and second: the same cases in the same order
 * @returns null without positive or negative cases
 */
export function compareAucs(first: readonly Case[], second: readonly Case[]): AucComparison | null {
  if (first.length !== second.length || first.some(({ isPositive }, i) => isPositive !== second[i]!.isPositive))
    throw new RangeError("the two models were not measured on the same cases");
  const [a, b] = [placements(first), placements(second)];
  const [m, n] = [a.ofPositives.length, a.ofNegatives.length];
  if (m === 0 || n === 0) return null;
  const variance =
    varianceOfDifference(a.ofPositives, b.ofPositives) / m + varianceOfDifference(a.ofNegatives, b.ofNegatives) / n;
  const [firstAuc, secondAuc] = [mean(a.ofPositives), mean(b.ofPositives)];
  const difference = firstAuc - secondAuc;
  const standardError = Math.sqrt(Math.max(0, variance));
  const pValue =
    standardError === 0 ? (difference === 0 ? 1 : 0) : 2 * (1 - normalCdf(Math.abs(difference) / standardError));
  return { first: firstAuc, second: secondAuc, difference, standardError, pValue };
}

/** Of each positive case the share of negatives below it, of each negative the share of positives above it. */
function placements(cases: readonly Case[]): { ofPositives: number[]; ofNegatives: number[] } {
  const scores = (positive: boolean) =>
    cases.filter(({ isPositive }) => isPositive === positive).map(({ score }) => score);
  const [positives, negatives] = [scores(true), scores(false)];
  const [sortedPositives, sortedNegatives] = [positives.toSorted((a, b) => a - b), negatives.toSorted((a, b) => a - b)];
  return {
    ofPositives: positives.map((score) => shareBelow(sortedNegatives, score)),
    ofNegatives: negatives.map((score) => 1 - shareBelow(sortedPositives, score)),
  };
}

/** Ties count half. */
function shareBelow(sorted: number[], score: number): number {
  const below = firstFrom(sorted, (value) => value >= score);
  const upTo = firstFrom(sorted, (value) => value > score);
  return (below + upTo) / 2 / Math.max(1, sorted.length);
}

/** The first place in a sorted list where the condition holds, by halving. */
function firstFrom(sorted: number[], holds: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function varianceOfDifference(a: number[], b: number[]): number {
  const differences = a.map((value, i) => value - b[i]!);
  const centre = mean(differences);
  return differences.reduce((sum, value) => sum + (value - centre) ** 2, 0) / Math.max(1, differences.length - 1);
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Abramowitz and Stegun 7.1.26, exact to 1.5e-7. */
function normalCdf(z: number): number {
  const x = z / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const tail = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const erf = 1 - tail * Math.exp(-x * x);
  return x >= 0 ? (1 + erf) / 2 : (1 - erf) / 2;
}

import { type Case, countOf } from "./case.ts";

/** How well scores put positive cases above negative ones, whatever the threshold. null where one of the two is missing. */

/** Area under the ROC curve: the chance that a positive case scores higher than a negative one; a tie counts half. */
export function auc(cases: readonly Case[]): number | null {
  const { positive, negative } = countOf(cases);
  if (positive === 0 || negative === 0) return null;
  let rankSum = 0;
  let below = 0;
  for (const tied of groupsOf(cases.toSorted((a, b) => a.score - b.score))) {
    const meanRank = below + (tied.length + 1) / 2;
    rankSum += meanRank * countOf(tied).positive;
    below += tied.length;
  }
  return (rankSum - (positive * (positive + 1)) / 2) / (positive * negative);
}

/** Average precision: precision at each threshold, weighted by the recall that it adds. */
export function averagePrecision(cases: readonly Case[]): number | null {
  const { positive, negative } = countOf(cases);
  if (positive === 0 || negative === 0) return null;
  let [truePositive, called, sum] = [0, 0, 0];
  for (const tied of groupsOf(highestFirst(cases))) {
    const found = countOf(tied).positive;
    truePositive += found;
    called += tied.length;
    sum += (found / positive) * (truePositive / called);
  }
  return sum;
}

/** One threshold of a curve: what is called positive from `threshold` up. */
export interface CurvePoint {
  threshold: number;
  sensitivity: number;
  specificity: number;
  /** NaN-free: 1 where nothing is called positive */
  precision: number;
}

/** Every threshold that changes anything, the highest first; begins with nothing called positive. */
export function curve(cases: readonly Case[]): CurvePoint[] {
  const { positive, negative } = countOf(cases);
  if (positive === 0 || negative === 0) return [];
  const points: CurvePoint[] = [{ threshold: Number.POSITIVE_INFINITY, sensitivity: 0, specificity: 1, precision: 1 }];
  let [truePositive, called] = [0, 0];
  for (const tied of groupsOf(highestFirst(cases))) {
    truePositive += countOf(tied).positive;
    called += tied.length;
    points.push({
      threshold: tied[0]!.score,
      sensitivity: truePositive / positive,
      specificity: 1 - (called - truePositive) / negative,
      precision: truePositive / called,
    });
  }
  return points;
}

function highestFirst(cases: readonly Case[]): Case[] {
  return cases.toSorted((a, b) => b.score - a.score);
}

/** Neighbours of the same score. */
function* groupsOf(sorted: Case[]): Generator<Case[]> {
  for (let from = 0; from < sorted.length; ) {
    let to = from + 1;
    while (to < sorted.length && sorted[to]!.score === sorted[from]!.score) to++;
    yield sorted.slice(from, to);
    from = to;
  }
}

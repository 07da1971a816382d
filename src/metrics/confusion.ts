import type { Case } from "./case.ts";

/** What a threshold makes of cases. Shares are null where nothing is there to share. */
export interface Confusion {
  threshold: number;
  truePositive: number;
  falsePositive: number;
  falseNegative: number;
  trueNegative: number;
  accuracy: number | null;
  /** positive predictive value */
  precision: number | null;
  /** sensitivity */
  recall: number | null;
  specificity: number | null;
  negativePredictiveValue: number | null;
}

/** Positive is what scores `threshold` or more. */
export function confusionAt(cases: readonly Case[], threshold: number): Confusion {
  const counts = { truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 0 };
  for (const { score, isPositive } of cases) {
    if (score >= threshold) counts[isPositive ? "truePositive" : "falsePositive"]++;
    else counts[isPositive ? "falseNegative" : "trueNegative"]++;
  }
  const { truePositive, falsePositive, falseNegative, trueNegative } = counts;
  return {
    threshold,
    ...counts,
    accuracy: share(truePositive + trueNegative, cases.length),
    precision: share(truePositive, truePositive + falsePositive),
    recall: share(truePositive, truePositive + falseNegative),
    specificity: share(trueNegative, trueNegative + falsePositive),
    negativePredictiveValue: share(trueNegative, trueNegative + falseNegative),
  };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/**
 * Net benefit of acting on what scores `threshold` or more, a probability (Vickers and Elkin 2006): true positives less
 * false ones, these weighed by the odds at which one is willing to act.
 */
export function netBenefit(cases: readonly Case[], threshold: number): number {
  const { truePositive, falsePositive } = confusionAt(cases, threshold);
  return (truePositive - falsePositive * (threshold / (1 - threshold))) / Math.max(1, cases.length);
}

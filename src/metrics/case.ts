/** One thing that was scored: a slice or a study. */
export interface Case {
  /** Higher = more likely positive: a probability, or a logit where only ranks count. */
  score: number;
  isPositive: boolean;
  /** Who it is of: cases of one patient are alike, so intervals draw patients and not cases. */
  patient: string;
}

export function countOf(cases: readonly Case[]): { positive: number; negative: number } {
  const positive = cases.reduce((sum, { isPositive }) => sum + (isPositive ? 1 : 0), 0);
  return { positive, negative: cases.length - positive };
}

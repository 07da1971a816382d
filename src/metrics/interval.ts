import { randomNumbers } from "../random.ts";
import type { Case } from "./case.ts";

export type Interval = [low: number, high: number];

export interface BootstrapOptions {
  seed: number;
  /** How often the patients are drawn. */
  rounds?: number;
  confidence?: number;
}

const ROUNDS = 2000;
const CONFIDENCE = 0.95;
/** With more rounds without an answer than this share, such as those without any positive case, an interval says nothing. */
const MOST_EMPTY_ROUNDS = 0.2;

/**
 * Percentile bootstrap interval of a figure, drawing patients with all their cases (cluster bootstrap).
 * @param figure null for cases that it cannot be told of
 * @returns null where too few of the drawn samples have the figure
 */
export function bootstrapInterval<C extends Pick<Case, "patient">>(
  cases: readonly C[],
  figure: (cases: C[]) => number | null,
  { seed, rounds = ROUNDS, confidence = CONFIDENCE }: BootstrapOptions,
): Interval | null {
  const patients = [...Map.groupBy(cases, ({ patient }) => patient).values()];
  const random = randomNumbers(seed);
  const values: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const drawn = patients.flatMap(() => patients[Math.floor(random() * patients.length)]!);
    const value = figure(drawn);
    if (value !== null) values.push(value);
  }
  if (values.length < rounds * (1 - MOST_EMPTY_ROUNDS)) return null;
  values.sort((a, b) => a - b);
  return [quantile(values, (1 - confidence) / 2), quantile(values, (1 + confidence) / 2)];
}

/** Linear between neighbours, as numpy has it. */
function quantile(sorted: number[], share: number): number {
  const at = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return below + (above - below) * (at - Math.floor(at));
}

/** Wilson's score interval of a share of independent cases; null without any. */
export function wilsonInterval(part: number, whole: number): Interval | null {
  if (whole === 0) return null;
  const z = 1.959963984540054;
  const share = part / whole;
  const centre = share + (z * z) / (2 * whole);
  const spread = z * Math.sqrt((share * (1 - share)) / whole + (z * z) / (4 * whole * whole));
  const scale = 1 + (z * z) / whole;
  return [Math.max(0, (centre - spread) / scale), Math.min(1, (centre + spread) / scale)];
}

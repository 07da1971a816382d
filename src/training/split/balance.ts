import { LABELS } from "../../contract/labels.ts";
import type { SplitUnit } from "./split-units.ts";

/**
 * What a split balances, as one vector for each unit: slices, patients, images and patients of each label, images of each
 * scanner. The vector of a fold is the sum of its units'.
 */
export class Balance {
  readonly vectors: Float64Array[];
  readonly #total: Float64Array;
  readonly #shares: readonly number[];

  /** @param shares how much of everything each fold should have, adding up to 1 */
  constructor(units: SplitUnit[], shares: readonly number[]) {
    const scanners = commonScanners(units);
    this.vectors = units.map((unit) => vectorOf(unit, scanners));
    this.#total = sumOf(this.vectors);
    this.#shares = shares;
  }

  /** Of nothing yet, for each fold. */
  empty(): Float64Array[] {
    return this.#shares.map(() => new Float64Array(this.#total.length));
  }

  /**
   * How far a fold is from its share of everything, squared and weighted, in percentage points: of its images that have
   * a label, of all slices, of a label's patients, of its images from a scanner.
   */
  cost(fold: number, sums: Float64Array): number {
    const total = this.#total;
    const share = this.#shares[fold]!;
    const slices = Math.max(1, sums[SLICES]!);
    let cost = WEIGHTS.size * points(sums[SLICES]! / total[SLICES]!, share);
    cost += WEIGHTS.size * points(sums[PATIENTS]! / total[PATIENTS]!, share);
    for (let label = 0; label < LABELS.length; label++) {
      const [images, patients] = [FIRST_LABEL + 2 * label, FIRST_LABEL + 2 * label + 1];
      if (total[patients] === 0) continue;
      cost += WEIGHTS.label * points(sums[images]! / slices, total[images]! / total[SLICES]!);
      cost += WEIGHTS.patients * points(sums[patients]! / total[patients]!, share);
      if (sums[patients] === 0) cost += WEIGHTS.without;
    }
    for (let scanner = FIRST_SCANNER; scanner < total.length; scanner++)
      cost += WEIGHTS.scanner * points(sums[scanner]! / slices, total[scanner]! / total[SLICES]!);
    return cost;
  }

  /** How many images of a label a fold still lacks. */
  lacking(fold: number, sums: Float64Array, label: number): number {
    const images = FIRST_LABEL + 2 * label;
    return this.#shares[fold]! * this.#total[images]! - sums[images]!;
  }

  /** How many slices a fold still lacks. */
  lackingSlices(fold: number, sums: Float64Array): number {
    return this.#shares[fold]! * this.#total[SLICES]! - sums[SLICES]!;
  }
}

const SLICES = 0;
const PATIENTS = 1;
const FIRST_LABEL = 2;
const FIRST_SCANNER = FIRST_LABEL + 2 * LABELS.length;
/** Rarer ones than these cannot be balanced and count together. */
const MOST_SCANNERS = 12;

/** A point of a label's share among images counts most: it is what figures of two folds differ by. */
const WEIGHTS = { label: 10, size: 0.5, patients: 0.02, scanner: 0.1, without: 10_000 };

function points(share: number, wanted: number): number {
  return (100 * (share - wanted)) ** 2;
}

function commonScanners(units: SplitUnit[]): string[] {
  const counts = new Map<string, number>();
  for (const { scanners } of units)
    for (const [name, count] of scanners) counts.set(name, (counts.get(name) ?? 0) + count);
  const names = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([name]) => name);
  return names.slice(0, MOST_SCANNERS);
}

function vectorOf({ patients, slices, positives, scanners }: SplitUnit, names: string[]): Float64Array {
  const labels = LABELS.flatMap((label) => [positives[label], Number(positives[label] > 0)]);
  return Float64Array.from([slices, patients.length, ...labels, ...names.map((name) => scanners.get(name) ?? 0)]);
}

function sumOf(vectors: Float64Array[]): Float64Array {
  const sum = new Float64Array(vectors[0]?.length ?? FIRST_SCANNER);
  for (const vector of vectors) for (let i = 0; i < sum.length; i++) sum[i]! += vector[i]!;
  return sum;
}

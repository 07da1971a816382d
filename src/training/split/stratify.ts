import { LABELS } from "../../contract/labels.ts";
import { Balance } from "./balance.ts";
import { SeededRandom } from "./random.ts";
import type { SplitUnit } from "./split-units.ts";

/** Tried one after the other: enough for every pair of some hundred patients; of more, each counts for little. */
const EXCHANGES = 200_000;
/** Exchanges end where no single one helps any more: the best of several ends is taken. */
const STARTS = 8;

/**
 * Gives each unit a fold: by iterative stratification (Sechidis, Tsoumakas and Vlahavas 2011: the rarest label first, each
 * unit to the fold that lacks it most), then by exchanges that bring the folds closer to each other.
 * @param shares how much each fold should have, adding up to 1
 * @returns the fold of each unit; the same for the same seed
 */
export function stratify(units: SplitUnit[], shares: readonly number[], seed: number): Uint8Array {
  const random = new SeededRandom(seed);
  const balance = new Balance(units, shares);
  const tries = Array.from({ length: STARTS }, () => stratifyOnce(units, shares, balance, random));
  return tries.reduce((best, one) => (one.cost < best.cost ? one : best)).folds;
}

function stratifyOnce(units: SplitUnit[], shares: readonly number[], balance: Balance, random: SeededRandom) {
  const folds = new Uint8Array(units.length);
  const sums = balance.empty();
  const put = (unit: number, fold: number) => {
    folds[unit] = fold;
    addTo(sums[fold]!, balance.vectors[unit]!, 1);
  };
  const lacksMost = (lack: (fold: number) => number) => {
    const order = random.shuffle(shares.map((_, fold) => fold));
    return order.reduce((best, fold) => (lack(fold) > lack(best) ? fold : best));
  };

  const left = new Set(random.shuffle(units.map((_, unit) => unit)));
  for (;;) {
    const rarest = rarestLabel(units, left);
    if (rarest === undefined) break;
    const having = [...left].filter((unit) => countOf(units[unit]!, rarest) > 0);
    // Large ones first: the small ones then even out.
    for (const unit of having.sort((a, b) => countOf(units[b]!, rarest) - countOf(units[a]!, rarest))) {
      put(
        unit,
        lacksMost((fold) => balance.lacking(fold, sums[fold]!, rarest)),
      );
      left.delete(unit);
    }
  }
  for (const unit of [...left].sort((a, b) => units[b]!.slices - units[a]!.slices)) {
    put(
      unit,
      lacksMost((fold) => balance.lackingSlices(fold, sums[fold]!)),
    );
  }
  exchange(balance, folds, sums, random);
  return { folds, cost: sums.reduce((cost, sum, fold) => cost + balance.cost(fold, sum), 0) };
}

function countOf(unit: SplitUnit, label: number): number {
  return unit.positives[LABELS[label]!];
}

/** Of the units that have no fold yet. */
function rarestLabel(units: SplitUnit[], left: Set<number>): number | undefined {
  const counts = LABELS.map((_, label) => [...left].filter((unit) => countOf(units[unit]!, label) > 0).length);
  const present = counts.flatMap((count, label) => (count > 0 ? [label] : []));
  return present.sort((a, b) => counts[a]! - counts[b]!)[0];
}

/** Moves a unit to another fold, or swaps two, wherever that brings both folds nearer to their shares. */
function exchange(balance: Balance, folds: Uint8Array, sums: Float64Array[], random: SeededRandom): void {
  if (folds.length < 2) return;
  const costs = sums.map((sum, fold) => balance.cost(fold, sum));
  const [triedFrom, triedTo] = balance.empty() as [Float64Array, Float64Array];
  for (let i = 0; i < EXCHANGES; i++) {
    const unit = random.integer(folds.length);
    const other = random.integer(folds.length);
    const from = folds[unit]!;
    const isSwap = random.integer(4) > 0;
    const to = isSwap ? folds[other]! : random.integer(sums.length);
    if (from === to) continue;
    triedFrom.set(sums[from]!);
    triedTo.set(sums[to]!);
    addTo(triedFrom, balance.vectors[unit]!, -1);
    addTo(triedTo, balance.vectors[unit]!, 1);
    if (isSwap) {
      addTo(triedFrom, balance.vectors[other]!, 1);
      addTo(triedTo, balance.vectors[other]!, -1);
    }
    const [costFrom, costTo] = [balance.cost(from, triedFrom), balance.cost(to, triedTo)];
    if (costFrom + costTo >= costs[from]! + costs[to]! - 1e-9) continue;
    sums[from]!.set(triedFrom);
    sums[to]!.set(triedTo);
    [costs[from], costs[to]] = [costFrom, costTo];
    folds[unit] = to;
    if (isSwap) folds[other] = from;
  }
}

function addTo(sum: Float64Array, vector: Float64Array, sign: 1 | -1): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += sign * vector[i]!;
}

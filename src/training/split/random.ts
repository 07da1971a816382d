import { randomNumbers } from "../../random.ts";

/** Numbers that repeat themselves for the same seed: a split is made again from its seed. */
export class SeededRandom {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = randomNumbers(seed);
  }

  /** A whole number from 0 up to, but not including, `below`. */
  integer(below: number): number {
    return Math.floor(this.#next() * below);
  }

  /** In another order (Fisher-Yates), in place. */
  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [items[i], items[j]] = [items[j]!, items[i]!];
    }
    return items;
  }
}

/**
 * A random sample of fixed size from a stream of unknown length (Vitter's algorithm R), at most one of each group where
 * there are enough groups. The same seed draws the same sample.
 */
export class Sample<T> {
  readonly items: T[] = [];
  readonly #size: number;
  readonly #random: () => number;
  readonly #groupOf: ((item: T) => string) | undefined;
  #seen = 0;

  constructor(size: number, seed: number, groupOf?: (item: T) => string) {
    this.#size = size;
    this.#random = randomNumbers(seed);
    this.#groupOf = groupOf;
  }

  add(item: T): void {
    this.#seen++;
    if (this.items.length < this.#size) {
      this.items.push(item);
      return;
    }
    const place = this.#groupOf && this.#placeInGroup(item, this.#groupOf);
    if (place !== undefined) {
      // A second one of its group may only take the place of the first.
      if (this.#random() < 0.5) this.items[place] = item;
      return;
    }
    const at = Math.floor(this.#random() * this.#seen);
    if (at < this.#size) this.items[at] = item;
  }

  /** That of another one of its group, or of any group that has several; undefined when neither is there. */
  #placeInGroup(item: T, groupOf: (item: T) => string): number | undefined {
    const groups = this.items.map(groupOf);
    const same = groups.indexOf(groupOf(item));
    if (same !== -1) return same;
    const second = groups.findIndex((group, i) => groups.indexOf(group) < i);
    return second === -1 ? undefined : second;
  }
}

/** Numbers from 0 to below 1 by mulberry32: the same for the same seed on every machine. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

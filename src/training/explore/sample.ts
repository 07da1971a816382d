/** A random sample of fixed size from a stream of unknown length (Vitter's algorithm R). */
export class Sample<T> {
  readonly items: T[] = [];
  readonly #size: number;
  readonly #random: () => number;
  #seen = 0;

  constructor(size: number, random: () => number) {
    this.#size = size;
    this.#random = random;
  }

  add(item: T): void {
    this.#seen++;
    const place = this.items.length < this.#size ? this.items.length : Math.floor(this.#random() * this.#seen);
    if (place < this.#size) this.items[place] = item;
  }
}

/**
 * A sample of as many groups as there are, one item of each, filled up with further ones where there are too few groups.
 * The items of a group come together.
 */
export class SpreadSample<T> {
  readonly #size: number;
  readonly #random: () => number;
  readonly #ofGroups: Sample<T>;
  readonly #others: Sample<T>;
  #current: { group: string; item: T; seen: number } | undefined;

  constructor(size: number, random: () => number) {
    this.#size = size;
    this.#random = random;
    this.#ofGroups = new Sample(size, random);
    this.#others = new Sample(size, random);
  }

  add(group: string, item: T): void {
    const current = this.#current;
    if (current?.group !== group) {
      if (current !== undefined) this.#ofGroups.add(current.item);
      this.#current = { group, item, seen: 1 };
      return;
    }
    const isTaken = this.#random() * ++current.seen < 1;
    this.#others.add(isTaken ? current.item : item);
    if (isTaken) current.item = item;
  }

  /** To be asked for once, at the end. */
  items(): T[] {
    if (this.#current !== undefined) this.#ofGroups.add(this.#current.item);
    this.#current = undefined;
    return [...this.#ofGroups.items, ...this.#others.items].slice(0, this.#size);
  }
}

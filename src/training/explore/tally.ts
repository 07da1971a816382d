/** How often which value occurs, in bounded memory. */

/** So many different values are told apart; further ones count together. */
const MOST_VALUES = 5000;
const SHOWN_VALUES = 12;

export interface Frequencies {
  kind: "category";
  known: number;
  missing: number;
  distinct: number;
  /** The most frequent first. */
  values: { value: string; count: number }[];
}

export interface Distribution {
  kind: "number";
  known: number;
  missing: number;
  min: number | null;
  p5: number | null;
  median: number | null;
  p95: number | null;
  max: number | null;
  /** Edges at from + i * binWidth. */
  histogram: { from: number; binWidth: number; counts: number[] } | null;
}

export class CategoryTally {
  readonly #counts = new Map<string, number>();
  #missing = 0;
  #others = 0;

  /** @param value null or "" = the image does not say */
  add(value: string | null): void {
    if (value === null || value === "") this.#missing++;
    else if (this.#counts.has(value) || this.#counts.size < MOST_VALUES)
      this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
    else this.#others++;
  }

  summary(): Frequencies {
    const values = [...this.#counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
    const known = values.reduce((sum, { count }) => sum + count, 0) + this.#others;
    return {
      kind: "category",
      known,
      missing: this.#missing,
      distinct: values.length,
      values: values.slice(0, SHOWN_VALUES),
    };
  }
}

const BINS = 24;

/** Values are kept to the step that matters, so that a million of them take no more room than a few thousand. */
export class NumberTally {
  readonly #counts = new Map<number, number>();
  readonly #step: number;
  #missing = 0;

  /** @param step in the unit of the values */
  constructor(step: number) {
    this.#step = step;
  }

  add(value: number | null): void {
    if (value === null || !Number.isFinite(value)) {
      this.#missing++;
      return;
    }
    const steps = Math.round(value / this.#step);
    this.#counts.set(steps, (this.#counts.get(steps) ?? 0) + 1);
  }

  summary(): Distribution {
    const sorted = [...this.#counts].sort(([a], [b]) => a - b);
    const known = sorted.reduce((sum, [, count]) => sum + count, 0);
    const at = (quantile: number) => {
      let seen = 0;
      for (const [steps, count] of sorted) {
        seen += count;
        if (seen >= quantile * known) return this.#value(steps);
      }
      return null;
    };
    const [first, last] = [sorted[0], sorted.at(-1)];
    return {
      ...{ kind: "number", known, missing: this.#missing },
      min: first === undefined ? null : this.#value(first[0]),
      ...{ p5: at(0.05), median: at(0.5), p95: at(0.95) },
      max: last === undefined ? null : this.#value(last[0]),
      histogram: first === undefined ? null : this.#histogram(sorted),
    };
  }

  /** Without the noise of floating point: 0.1 * 3 is 0.3. */
  #value(steps: number): number {
    return Number((steps * this.#step).toPrecision(12));
  }

  #histogram(sorted: [number, number][]): Distribution["histogram"] {
    const [from, to] = [sorted[0]![0], sorted.at(-1)![0]];
    const stepsPerBin = Math.max(1, Math.ceil((to - from + 1) / BINS));
    const counts = new Array<number>(Math.ceil((to - from + 1) / stepsPerBin)).fill(0);
    for (const [steps, count] of sorted) {
      const bin = Math.floor((steps - from) / stepsPerBin);
      counts[bin] = counts[bin]! + count;
    }
    return { from: this.#value(from), binWidth: this.#value(stepsPerBin), counts };
  }
}

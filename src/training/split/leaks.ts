/** Something that stands on several sides of a split. */
export interface Leak {
  kind: "patient" | "study" | "identical" | "near-identical";
  /** The patient, the study (then both are the same), or two images. */
  a: string;
  b: string;
  /** The sides, as the split names them: of `a` and of `b`, or all of a patient's or study's. */
  folds: string[];
}

/** Finds what stands on several sides, by name. */
export class SideIndex {
  readonly #kind: Leak["kind"];
  readonly #sides = new Map<string, string[]>();

  constructor(kind: Leak["kind"]) {
    this.#kind = kind;
  }

  get size(): number {
    return this.#sides.size;
  }

  add(name: string, side: string): void {
    const sides = this.#sides.get(name);
    if (sides === undefined) this.#sides.set(name, [side]);
    else if (!sides.includes(side)) sides.push(side);
  }

  leaks(): Leak[] {
    const several = [...this.#sides].filter(([, sides]) => sides.length > 1);
    return several.map(([name, sides]) => ({ kind: this.#kind, a: name, b: name, folds: sides.toSorted() }));
  }
}

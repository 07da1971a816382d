/** What may be wrong with a source without ending its import: each with what it means and what was done. */
export const PROBLEM_TEXT = {
  "duplicate-rows": "rows that say again what stands already; dropped",
  "row-unreadable": "rows that do not name an image and a label; passed over",
  "label-unknown": "rows or columns of a label that is none of the six; passed over",
  "value-invalid": "values other than 0 and 1; passed over",
  "labels-contradict": "labels that the table gives as 0 and as 1; both are kept, neither counts",
  "labels-missing": "images that not every label is given for",
  "any-differs": '"any" is not what the five kinds together say; kept as it stands',
  "file-missing": "images of the table without a file",
  "file-unreadable": "files that cannot be read; left out",
  "file-foreign": "files that are no images; left out",
  "file-repeated": "further files of an image that is there already; left out",
  "name-differs": "files whose name is not their SOP Instance UID; labels were looked for by both",
  "pixels-unusable": "images whose pixels cannot be used (cut off, of a wrong size, no HU); kept and marked",
  "image-colour": "colour images; left out: make them grey first",
  "image-rotated": "images that ask to be turned (EXIF orientation); left out: turn their pixels first",
  "size-differs": "images of another size than the first of their series",
  "place-repeated": "images of a study at the same place; all are kept",
  "thickness-assumed": "no --thickness and no column z: slices are taken to lie 5 mm apart",
  "mask-unusable": "masks that are no grey 8-bit PNG of their image's size; left out",
  "mask-foreign": "masks without an image; left out",
  "columns-unused": "columns that nothing is known of; passed over",
} as const;

export type ProblemCode = keyof typeof PROBLEM_TEXT;

export interface Problem {
  code: ProblemCode;
  count: number;
  examples: string[];
}

const MOST_EXAMPLES = 5;

/** Counts problems, and keeps a few of each. */
export class ProblemTally {
  readonly #problems = new Map<ProblemCode, Problem>();

  add(code: ProblemCode, example: string): void {
    let problem = this.#problems.get(code);
    if (problem === undefined) {
      problem = { code, count: 0, examples: [] };
      this.#problems.set(code, problem);
    }
    problem.count++;
    if (problem.examples.length < MOST_EXAMPLES) problem.examples.push(example);
  }

  count(code: ProblemCode): number {
    return this.#problems.get(code)?.count ?? 0;
  }

  list(): Problem[] {
    return [...this.#problems.values()];
  }
}

import { VigilError } from "../../errors.ts";
import { readCsvLines } from "../dataset/csv-rows.ts";

/** Which patients are one person, or share images: they stay on one side. A union-find over numbers of patients. */
export class PatientLinks {
  readonly #parents: number[] = [];

  /** The number that stands for all patients linked with this one. */
  groupOf(patient: number): number {
    let root = patient;
    while (this.#parentOf(root) !== root) root = this.#parentOf(root);
    for (let at = patient; at !== root; ) {
      const next = this.#parentOf(at);
      this.#parents[at] = root;
      at = next;
    }
    return root;
  }

  /** @returns whether they were not linked before */
  link(a: number, b: number): boolean {
    const [first, second] = [this.groupOf(a), this.groupOf(b)].toSorted((x, y) => x - y) as [number, number];
    this.#parents[second] = first;
    return first !== second;
  }

  #parentOf(patient: number): number {
    return this.#parents[patient] ?? patient;
  }
}

/**
 * The pairs of a CSV of two columns: ids of patients that are one person. A first line that begins with "patient" is its
 * header.
 * @throws VigilError table-invalid, not-found
 */
export async function* readPatientPairs(file: string): AsyncGenerator<[string, string]> {
  for await (const { line, cells } of readCsvLines(file)) {
    const [a = "", b = ""] = cells;
    if (line === 1 && /^patient/i.test(a)) continue;
    if (a === "" || b === "")
      throw new VigilError("table-invalid", `${file}, line ${line}: two ids of patients expected`);
    yield [a, b];
  }
}

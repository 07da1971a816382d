import { VigilError } from "../../errors.ts";

/** What a source of labels speaks of and the data set does not have. */
export class UnknownNames {
  readonly #skip: boolean;
  count = 0;
  readonly examples: string[] = [];

  constructor(skip: boolean) {
    this.#skip = skip;
  }

  /** @throws VigilError table-invalid unless such are to be passed over */
  meet(where: string, what: string): void {
    if (!this.#skip) {
      const remedy = "correct it, or pass such over with --skip-unknown; nothing was written";
      throw new VigilError("table-invalid", `${where}: ${what}: ${remedy}`);
    }
    this.count++;
    if (this.examples.length < 5) this.examples.push(`${where}: ${what}`);
  }
}

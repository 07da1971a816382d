import type { Dataset } from "../dataset/dataset.ts";
import { instanceKey } from "../dataset/instance-record.ts";

/** Which images a data set has, and whose: about 150 bytes each. */
export class DatasetImages {
  readonly #studyOf = new Map<string, number>();
  readonly #studies: string[] = [];
  readonly #indexOf = new Map<string, number>();

  static async of(dataset: Dataset): Promise<DatasetImages> {
    const images = new DatasetImages();
    for await (const record of dataset.instances()) images.#add(record.study, instanceKey(record));
    return images;
  }

  #add(study: string, image: string): void {
    let index = this.#indexOf.get(study);
    if (index === undefined) {
      index = this.#studies.push(study) - 1;
      this.#indexOf.set(study, index);
    }
    this.#studyOf.set(image, index);
  }

  hasStudy(study: string): boolean {
    return this.#indexOf.has(study);
  }

  /** The study of an image; undefined when the data set does not have it. */
  studyOf(image: string): string | undefined {
    const index = this.#studyOf.get(image);
    return index === undefined ? undefined : this.#studies[index];
  }
}

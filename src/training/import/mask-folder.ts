import { readFile } from "node:fs/promises";
import path from "node:path";
import { filesIn } from "../../dicom/folder-files.ts";
import type { InstanceRecord } from "../dataset/instance-record.ts";
import { DATASET_FILES, pathIn } from "../dataset/layout.ts";
import { writeWhole } from "../dataset/whole-file.ts";
import { PictureRefused, pngPicture } from "./picture.ts";
import type { ProblemTally } from "./problems.ts";

/** Masks of lesions: PNG files named as the pictures they belong to, in the same folders or all in one. */
export class MaskFolder {
  readonly #dir: string;
  /** By their path without its ending, with slashes. */
  readonly #unused: Set<string>;

  private constructor(dir: string, names: Set<string>) {
    this.#dir = dir;
    this.#unused = names;
  }

  /** @throws VigilError not-found */
  static async open(dir: string): Promise<MaskFolder> {
    const names = new Set<string>();
    for await (const { file } of filesIn(dir)) {
      if (/\.png$/i.test(file))
        names.add(
          path
            .relative(dir, file)
            .replaceAll(path.sep, "/")
            .replace(/\.png$/i, ""),
        );
    }
    return new MaskFolder(dir, names);
  }

  /**
   * Puts the mask of a picture into the data set; null when it has none, or none that can be used.
   * @returns its place, relative to the data set
   */
  async add(picture: string, record: InstanceRecord, datasetDir: string, tally: ProblemTally): Promise<string | null> {
    const whole = picture.replace(/\.[^./]+$/, "");
    const name = [whole, path.posix.basename(whole)].find((candidate) => this.#unused.has(candidate));
    if (name === undefined) return null;
    this.#unused.delete(name);
    const bytes = await readFile(path.join(this.#dir, `${name}.png`));
    const wrong = whatIsWrong(bytes, record);
    if (wrong !== null) {
      tally.add("mask-unusable", `${name}: ${wrong}`);
      return null;
    }
    const target = record.file.replace(DATASET_FILES.dicom, DATASET_FILES.masks).replace(/\.dcm$/, ".png");
    await writeWhole(pathIn(datasetDir, target), bytes);
    return target;
  }

  tellUnused(tally: ProblemTally): void {
    for (const name of this.#unused) tally.add("mask-foreign", name);
  }
}

function whatIsWrong(bytes: Uint8Array, { rows, columns }: InstanceRecord): string | null {
  try {
    const mask = pngPicture(bytes);
    if (mask.bits !== 8) return "it has 16 bits";
    if (mask.rows !== rows || mask.columns !== columns)
      return `it has ${mask.columns} x ${mask.rows} pixels, its image ${columns} x ${rows}`;
    if (Math.max(...new Set(mask.pixels)) === 1) return "its lesions are 1 and must be 255";
    return null;
  } catch (error) {
    if (error instanceof PictureRefused) return error.message;
    throw error;
  }
}

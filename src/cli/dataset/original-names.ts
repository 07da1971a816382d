import { VigilError } from "../../errors.ts";
import type { DatasetManifest } from "../../training/dataset/manifest.ts";
import type { OriginalNames } from "../../training/import/feedback-labels.ts";

/**
 * How the PACS's ids are called in a data set.
 * @throws VigilError usage-invalid when the data set is de-identified and the key is missing or another one
 */
export async function originalNames(
  { deidentification }: DatasetManifest,
  keyFile: string | undefined,
): Promise<OriginalNames> {
  if (deidentification === null) return { uid: (original) => original, reader: (original) => original };
  if (keyFile === undefined) {
    const message = "the data set is de-identified, and answers and reports name the originals: give --key FILE";
    throw new VigilError("usage-invalid", `${message}, the key that it was exported with`);
  }
  throw new VigilError("usage-invalid", "this Vigil cannot read the key of a de-identified data set");
}

import { readFile } from "node:fs/promises";
import { VigilError } from "../../errors.ts";
import type { DatasetManifest } from "../../training/dataset/manifest.ts";
import { Pseudonyms } from "../../training/export/deidentify/pseudonyms.ts";

/**
 * The key that a data set was de-identified with, as a file has it.
 * @throws VigilError not-found; usage-invalid when it is no key, or another one
 */
export async function datasetKey(
  { keyId }: NonNullable<DatasetManifest["deidentification"]>,
  keyFile: string,
): Promise<Pseudonyms> {
  const text = await readFile(keyFile, "utf8").catch((cause: unknown) => {
    throw new VigilError("not-found", `${keyFile} cannot be read`, { cause });
  });
  const pseudonyms = Pseudonyms.ofKeyText(text, keyFile);
  if (pseudonyms.keyId !== keyId)
    throw new VigilError("usage-invalid", `${keyFile} is not the key that the data set was exported with`);
  return pseudonyms;
}

import { VigilError } from "../../errors.ts";
import type { DatasetManifest } from "../../training/dataset/manifest.ts";
import { type OriginalNames, UNCHANGED } from "../../training/import/original-names.ts";
import { datasetKey } from "./dataset-key.ts";

/**
 * How the PACS's ids are called in a data set.
 * @throws VigilError usage-invalid when the data set is de-identified and the key is missing or another one
 */
export async function originalNames(
  { deidentification }: DatasetManifest,
  keyFile: string | undefined,
): Promise<OriginalNames> {
  if (deidentification === null) return UNCHANGED;
  if (keyFile === undefined) {
    const message = "the data set is de-identified, and answers and reports name the originals: give --key FILE";
    throw new VigilError("usage-invalid", `${message}, the key that it was exported with`);
  }
  const pseudonyms = await datasetKey(deidentification, keyFile);
  return {
    uid: (original) => pseudonyms.uid(original),
    reader: (original) => (original.startsWith("device: ") ? original : pseudonyms.short("reader", original)),
    // By how much the dates of a patient without a number were moved is not known here.
    at: (original, patientId) => (patientId === "" ? "" : moved(original, pseudonyms.dayShift(patientId))),
  };
}

/** An ISO date, whatever stands behind the day. */
function moved(at: string, days: number): string {
  const day = Date.parse(`${at.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(day)) return "";
  return new Date(day + days * 86_400_000).toISOString().slice(0, 10) + at.slice(10);
}

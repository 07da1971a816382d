import { headersFromDataSet } from "../../dicom/header.ts";
import { withNativePixels } from "../../dicom/native-pixels.ts";
import { parsePart10 } from "../../dicom/part10.ts";
import { readSlices } from "../../dicom/slice.ts";
import type { InstanceHeader, StoredObject } from "../../dicom/source.ts";
import { toVigilError } from "../../errors.ts";
import type { InstanceRecord } from "../dataset/instance-record.ts";
import { dicomFile } from "../dataset/layout.ts";
import { recordsOfObject } from "../dataset/records-of-object.ts";
import type { AttributeAction } from "./deidentify/actions.ts";
import { deidentify } from "./deidentify/deidentify.ts";
import type { Pseudonyms } from "./deidentify/pseudonyms.ts";

/** `stored` = as the PACS has it; `decoded` = Explicit VR Little Endian with plain pixels. */
export type PixelForm = "stored" | "decoded";

/** One object as it goes into the data set; `excluded` says why it does not. */
export type ExportedImage = { original: OriginalName } & (
  | { bytes: Uint8Array; records: InstanceRecord[]; actions: AttributeAction[] }
  | { excluded: string }
);

/** What an object calls itself, as the PACS has it. */
export type OriginalName = Pick<InstanceHeader, "seriesInstanceUid" | "sopInstanceUid"> & { studyInstanceUid: string };

/**
 * Makes of a stored object one of the data set: without names where there are pseudonyms, with plain pixels where
 * that is asked for, and says in its records what is wrong with its pixels. What cannot be decoded stays as it is stored.
 * @throws VigilError dicom-unreadable when it is no DICOM object
 */
export async function exportImage(
  { bytes: stored, file }: StoredObject,
  form: PixelForm,
  pseudonyms: Pseudonyms | null,
): Promise<ExportedImage> {
  const where = file ?? "an instance";
  const [header] = headersFromDataSet(parsePart10(stored, where), where);
  const { study, seriesInstanceUid, sopInstanceUid } = header!;
  const original = { studyInstanceUid: study.studyInstanceUid, seriesInstanceUid, sopInstanceUid };
  const cleaned = pseudonyms === null ? { bytes: stored, actions: [] } : deidentify(stored, pseudonyms);
  if ("leftOut" in cleaned) return { original, excluded: cleaned.leftOut };
  const bytes = form === "stored" ? cleaned.bytes : await decodedIfPossible(cleaned.bytes);
  const problem = await pixelProblem(bytes);
  const records = recordsOfObject(bytes, where, "").map((record) => {
    const { patient, series, sop } = record;
    return { ...record, file: dicomFile(patient, record.study, series, sop), problem };
  });
  return { original, bytes, records, actions: cleaned.actions };
}

/** Why it cannot be is found by `pixelProblem`. */
async function decodedIfPossible(bytes: Uint8Array): Promise<Uint8Array> {
  return withNativePixels(bytes, "an instance").catch(() => bytes);
}

async function pixelProblem(bytes: Uint8Array): Promise<InstanceRecord["problem"]> {
  try {
    await readSlices({ bytes, file: null });
    return null;
  } catch (error) {
    const { code, message } = toVigilError(error);
    return { code, message };
  }
}

import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { parsePart10 } from "../../../dicom/part10.ts";
import { type RawDataSet, rawFileOf } from "../../../dicom/raw-data-set.ts";
import { dicomFile, pathIn } from "../../dataset/layout.ts";
import { recordsOfObject } from "../../dataset/records-of-object.ts";
import type { AuditFinding } from "./audit-dataset.ts";
import { deidentify } from "./deidentify.ts";
import type { Pseudonyms } from "./pseudonyms.ts";

/** How many of the originals are in the data set, and are what the key makes of them. */
export interface SourceComparison {
  same: number;
  notInDataset: number;
  findings: AuditFinding[];
}

/** De-identifies the originals anew, and compares: the same key makes the same files. Pixels may have been decoded meanwhile. */
export async function compareWithSource(
  datasetDir: string,
  sourceDir: string,
  pseudonyms: Pseudonyms,
): Promise<SourceComparison> {
  const result: SourceComparison = { same: 0, notInDataset: 0, findings: [] };
  const entries = await readdir(sourceDir, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => one.isFile())) {
    const original = await readFile(path.join(entry.parentPath, entry.name));
    const again = deidentify(original, pseudonyms);
    if ("leftOut" in again) continue;
    const [record] = recordsOfObject(again.bytes, "an original", "");
    if (record === undefined) continue;
    const file = dicomFile(record.patient, record.study, record.series, record.sop);
    const present = await readFile(pathIn(datasetDir, file)).catch(() => undefined);
    if (present === undefined) result.notInDataset++;
    else if (withoutPixels(present) === withoutPixels(again.bytes)) result.same++;
    else result.findings.push({ file, what: "it is not what the key makes of the original" });
  }
  return result;
}

function withoutPixels(bytes: Uint8Array): string {
  const { elements } = rawFileOf(parsePart10(bytes, "an image"));
  return JSON.stringify(plain(elements.filter(({ tag }) => !tag.startsWith("x7fe0"))));
}

function plain(elements: RawDataSet): unknown {
  return elements.map(({ tag, value }) =>
    value instanceof Uint8Array ? [tag, Buffer.from(value).toString("base64")] : [tag, value.map(plain)],
  );
}

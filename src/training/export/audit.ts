import path from "node:path";
import type { DatasetManifest } from "../dataset/manifest.ts";
import { writeWhole } from "../dataset/whole-file.ts";
import { ActionCounts } from "./deidentify/actions.ts";
import { EDITION, METHODS } from "./deidentify/profile.ts";
import type { Pseudonyms } from "./deidentify/pseudonyms.ts";
import type { ExportLog } from "./export-log.ts";
import { addCounts } from "./export-study.ts";

const AUDIT_FILE = "deidentification.json";
const FACES =
  "Pixels are as they were: a face can be recognised in a head CT that is rendered. Deface it before it is shared.";

/** What dataset.json says of images that were mapped by this key. */
export function deidentificationBy(pseudonyms: Pseudonyms): NonNullable<DatasetManifest["deidentification"]> {
  const [profile, ...options] = METHODS.map(({ meaning }) => meaning);
  return { edition: EDITION, profile: profile!, options, keyId: pseudonyms.keyId };
}

/**
 * What was done to which attribute of the images of the data set, how often, and which were left out.
 * @returns where it lies
 */
export async function writeAudit(datasetDir: string, log: ExportLog, pseudonyms: Pseudonyms): Promise<string> {
  const counts = new ActionCounts();
  const leftOut: Record<string, number> = {};
  let studies = 0;
  for await (const { actions, excluded, skipped } of log.entries()) {
    counts.addRows(actions);
    addCounts(leftOut, excluded);
    if (skipped === null) studies += 1;
  }
  const sorted = Object.fromEntries(Object.entries(leftOut).sort(([a], [b]) => (a < b ? -1 : 1)));
  const audit = {
    ...deidentificationBy(pseudonyms),
    faces: FACES,
    studies,
    leftOut: sorted,
    attributes: counts.rows(),
  };
  const file = path.join(datasetDir, AUDIT_FILE);
  await writeWhole(file, `${JSON.stringify(audit, null, 2)}\n`);
  return file;
}

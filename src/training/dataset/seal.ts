import { existsSync } from "node:fs";
import path from "node:path";
import { ContentHash } from "./content-hash.ts";
import { instanceRecordSchema } from "./instance-record.ts";
import { readJsonLines } from "./json-lines.ts";
import { readLabelRows } from "./label-row.ts";
import { DATASET_FILES } from "./layout.ts";
import { type DatasetCounts, type DatasetManifest, writeDatasetManifest } from "./manifest.ts";

/**
 * Counts and hashes what lies in the folder and writes dataset.json, which makes a data set of it. The last step of
 * whatever changes images or labels.
 */
export async function sealDataset(
  datasetDir: string,
  manifest: Omit<DatasetManifest, "counts" | "contentHash">,
): Promise<DatasetManifest> {
  const hash = new ContentHash();
  const counts = await countInstances(path.join(datasetDir, DATASET_FILES.instances), hash);
  const labels = path.join(datasetDir, DATASET_FILES.labels);
  if (existsSync(labels)) for await (const row of readLabelRows(labels)) hash.addLabels(row);
  const sealed = { ...manifest, counts, contentHash: hash.digest() };
  await writeDatasetManifest(datasetDir, sealed);
  return sealed;
}

/** The lines of a patient, a study and a series stand together, so that nothing need be remembered. */
async function countInstances(file: string, hash: ContentHash): Promise<DatasetCounts> {
  const counts = { patients: 0, studies: 0, series: 0, instances: 0 };
  let last: { patient: string; study: string; series: string } | undefined;
  for await (const record of readJsonLines(file, instanceRecordSchema)) {
    const { patient, study, series } = record;
    const isNewPatient = patient !== last?.patient;
    const isNewStudy = isNewPatient || study !== last?.study;
    if (isNewPatient) counts.patients++;
    if (isNewStudy) counts.studies++;
    if (isNewStudy || series !== last?.series) counts.series++;
    counts.instances++;
    hash.addInstance(record);
    last = { patient, study, series };
  }
  return counts;
}

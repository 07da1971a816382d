import { existsSync } from "node:fs";
import { readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { csvLine } from "./csv-rows.ts";
import type { Dataset } from "./dataset.ts";
import { writeConflicts } from "./label-conflicts.ts";
import { LABEL_COLUMNS, type LabelRow, labelLine, readLabelRows } from "./label-row.ts";
import { DATASET_FILES } from "./layout.ts";
import { type DatasetManifest, datasetManifestSchema } from "./manifest.ts";
import { sealDataset } from "./seal.ts";
import { writeWhole } from "./whole-file.ts";

/** Holds dataset.json while labels.csv changes: without it nobody takes the data set for whole. */
const ASIDE = `${DATASET_FILES.manifest}.aside`;

/** What labels.csv says; nothing where there is none yet. */
export async function* earlierLabels(datasetDir: string): AsyncGenerator<LabelRow> {
  const file = path.join(datasetDir, DATASET_FILES.labels);
  if (existsSync(file)) yield* readLabelRows(file);
}

/** The same but for what a source said of these images, which it says again. */
export async function* labelsBeside(
  datasetDir: string,
  source: string,
  images: ReadonlySet<string>,
): AsyncGenerator<LabelRow> {
  for await (const row of earlierLabels(datasetDir)) {
    if (row.source !== source || row.sop === null || !images.has(row.sop)) yield row;
  }
}

/** labels.csv of these rows, and labels-conflicts.csv of what differs among them. */
export async function writeLabels(
  datasetDir: string,
  rows: Iterable<LabelRow> | AsyncIterable<LabelRow>,
  beforeReplacing?: () => Promise<void>,
): Promise<void> {
  const file = path.join(datasetDir, DATASET_FILES.labels);
  await writeWhole(`${file}.next`, linesOf(rows));
  await beforeReplacing?.();
  await rename(`${file}.next`, file);
  await writeConflicts(datasetDir);
}

/**
 * Gives a finished data set other labels and seals it again. When the machine stops in the middle, `mendRelabelled`
 * makes it whole: with the labels of before or with the new ones.
 */
export async function relabel(dataset: Dataset, rows: AsyncIterable<LabelRow>): Promise<DatasetManifest> {
  const { dir } = dataset;
  await writeLabels(dir, rows, () => rename(path.join(dir, DATASET_FILES.manifest), path.join(dir, ASIDE)));
  return sealedAgain(dir, dataset.manifest);
}

/** Finishes what an interrupted `relabel` left. */
export async function mendRelabelled(datasetDir: string): Promise<void> {
  const aside = path.join(datasetDir, ASIDE);
  if (!existsSync(aside)) return;
  await writeConflicts(datasetDir);
  await sealedAgain(datasetDir, datasetManifestSchema.parse(JSON.parse(await readFile(aside, "utf8"))));
}

async function sealedAgain(
  datasetDir: string,
  { counts, contentHash, ...draft }: DatasetManifest,
): Promise<DatasetManifest> {
  const sealed = await sealDataset(datasetDir, draft);
  await rm(path.join(datasetDir, ASIDE), { force: true });
  return sealed;
}

async function* linesOf(rows: Iterable<LabelRow> | AsyncIterable<LabelRow>): AsyncGenerator<string> {
  yield csvLine(LABEL_COLUMNS);
  for await (const row of rows) yield labelLine(row);
}

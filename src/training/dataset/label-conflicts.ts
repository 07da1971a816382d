import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { LABELS, type Label } from "../../contract/labels.ts";
import { csvLine } from "./csv-rows.ts";
import { type LabelRow, readLabelRows } from "./label-row.ts";
import { DATASET_FILES } from "./layout.ts";
import { type LabelConflict, resolveLabels } from "./resolve-labels.ts";
import { writeWhole } from "./whole-file.ts";

const COLUMNS = ["study", "sop", "label", "value", "source", "reader", "at"];

/** Writes labels-conflicts.csv: everything that was said about a label that sources differ about; no file where none do. */
export async function writeConflicts(datasetDir: string): Promise<void> {
  const labels = path.join(datasetDir, DATASET_FILES.labels);
  const file = path.join(datasetDir, DATASET_FILES.conflicts);
  const { conflicts } = existsSync(labels) ? await resolveLabels(readLabelRows(labels)) : { conflicts: [] };
  if (conflicts.length === 0) return rm(file, { force: true });
  await writeWhole(file, linesOf(labels, conflicts));
}

async function* linesOf(labels: string, conflicts: LabelConflict[]): AsyncGenerator<string> {
  yield csvLine(COLUMNS);
  const disputed = new Set(conflicts.map(keyOf));
  for await (const row of readLabelRows(labels)) yield* saidOf(row, disputed);
}

function* saidOf(row: LabelRow, disputed: Set<string>): Generator<string> {
  const { study, sop, labels, source, reader, at } = row;
  for (const label of LABELS) {
    const isDisputed = disputed.has(keyOf({ study, sop, label }));
    // Seen in an image of a study that is said to be free of it.
    const contradictsStudy = labels[label] === 1 && disputed.has(keyOf({ study, sop: null, label }));
    if (labels[label] === null || !(isDisputed || contradictsStudy)) continue;
    yield csvLine([study, sop ?? "", label, labels[label], source, reader, at]);
  }
}

/** As `LabelIndex` knows images: by their own name, whatever study a source gives. */
function keyOf({ study, sop, label }: { study: string; sop: string | null; label: Label }): string {
  return `${sop ?? `study ${study}`}\n${label}`;
}

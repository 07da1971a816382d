import { VigilError } from "../../errors.ts";
import { Dataset } from "../../training/dataset/dataset.ts";
import { mendRelabelled } from "../../training/dataset/relabel.ts";
import type { LabelConflict } from "../../training/dataset/resolve-labels.ts";
import { DatasetImages } from "../../training/import/dataset-images.ts";
import { labelsOfFeedback } from "../../training/import/feedback-labels.ts";
import { addLabels, type NewLabels } from "../../training/import/new-labels.ts";
import { labelsOfReports } from "../../training/import/report-labels.ts";
import { labelsOfTable } from "../../training/import/table-labels.ts";
import { UnknownNames } from "../../training/import/unknown-names.ts";
import type { GlobalOptions } from "../options.ts";
import { colour, printJson, printLine } from "../print.ts";
import { serviceRoot } from "../service-api.ts";
import { feedbackRecords } from "./feedback-api.ts";
import { originalNames } from "./original-names.ts";
import { tell } from "./told.ts";

interface LabelOptions extends GlobalOptions {
  csv?: string;
  fromFeedback?: boolean;
  api?: string;
  fromSr?: string;
  key?: string;
  reader?: string;
  skipUnknown?: boolean;
}

/** `vigil dataset label`: adds what a source says of the images of a data set, and seals it again. */
export async function label(dir: string, options: LabelOptions): Promise<void> {
  const sources = [options.csv, options.fromFeedback, options.fromSr].filter((source) => source !== undefined);
  if (sources.length !== 1)
    throw new VigilError(
      "usage-invalid",
      "say where the labels come from, by one of --csv, --from-feedback, --from-sr",
    );
  await mendRelabelled(dir);
  const dataset = await Dataset.open(dir);
  const unknown = new UnknownNames(options.skipUnknown === true);
  const { rows, whole, ...told } = await newLabels(dataset, options, unknown);
  const { manifest, ...changed } = await addLabels(dataset, { rows, whole });
  const conflicts = (await dataset.labels()).conflicts.map(({ study, sop, label }) => ({ study, sop, label }));
  const splitFits = manifest.split === null ? null : manifest.split.contentHash === manifest.contentHash;
  const skipped = { count: unknown.count, examples: unknown.examples };
  const summary = { dataset: dir, ...changed, ...told, skipped, conflicts, splitFits };
  if (splitFits === false) tell(`the split was made for other labels: make it again: vigil dataset split ${dir}`);
  if (options.json) return printJson(summary);
  printLine(
    `${colour("bold", "Labels")}  ${changed.added} rows added, ${changed.known} known, ${changed.removed} taken back`,
  );
  printTold(told);
  for (const example of skipped.examples) printLine(`  ${colour("yellow", "passed over:")} ${example}`);
  printConflicts(conflicts);
}

async function newLabels(dataset: Dataset, options: LabelOptions, unknown: UnknownNames): Promise<NewLabels> {
  const images = await DatasetImages.of(dataset);
  if (options.csv !== undefined) return labelsOfTable(options.csv, images, options.reader ?? "", unknown);
  const names = await originalNames(dataset.manifest, options.key);
  if (options.fromSr !== undefined) return labelsOfReports(options.fromSr, images, names, unknown);
  return labelsOfFeedback(feedbackRecords(serviceRoot(options)), images, names);
}

/** What a source says of itself, beside its rows; the keys are those of `--json`. */
const TOLD_TEXT: Record<string, string> = {
  reports: "reports read",
  withdrawn: "answers that were withdrawn",
  otherStudies: "about studies that the data set does not have",
  otherImages: "about images that the data set does not have; they count for their study",
  otherFindings: "findings that are none of the six labels",
  unreadable: "files that cannot be read",
};

function printTold(told: object): void {
  for (const [key, value] of Object.entries(told)) {
    const examples = Array.isArray(value) ? value : typeof value === "number" ? [] : Object.keys(value);
    const count = typeof value === "number" ? value : examples.length;
    if (count === 0) continue;
    printLine(`  ${count} ${TOLD_TEXT[key] ?? key}`);
    for (const example of examples.slice(0, MOST_EXAMPLES)) printLine(colour("grey", `    ${example}`));
  }
}

const MOST_EXAMPLES = 5;
const MOST_CONFLICTS = 10;

function printConflicts(conflicts: Omit<LabelConflict, "sources">[]): void {
  if (conflicts.length === 0) return;
  printLine(`${colour("yellow", "!")} ${conflicts.length} labels about which sources differ count as unknown:`);
  for (const { study, sop, label } of conflicts.slice(0, MOST_CONFLICTS))
    printLine(`    ${sop ?? `study ${study}`} ${label}`);
  printLine("  all of them are in labels-conflicts.csv");
}

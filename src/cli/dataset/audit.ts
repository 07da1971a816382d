import { VigilError } from "../../errors.ts";
import { readDatasetManifest } from "../../training/dataset/manifest.ts";
import { type AuditFinding, auditDataset } from "../../training/export/deidentify/audit-dataset.ts";
import { compareWithSource, type SourceComparison } from "../../training/export/deidentify/audit-source.ts";
import type { Pseudonyms } from "../../training/export/deidentify/pseudonyms.ts";
import type { GlobalOptions } from "../options.ts";
import { colour, printJson, printLine } from "../print.ts";
import { progressBar } from "../progress.ts";
import { datasetKey } from "./dataset-key.ts";

export interface AuditOptions extends GlobalOptions {
  key?: string;
  source?: string;
}

/** More are counted, not listed. */
const MOST_LISTED = 1000;
const MOST_PRINTED = 40;

/** Exit code 1 where something is left that says whose images they are. */
export async function audit(dir: string, options: AuditOptions): Promise<void> {
  if (options.source !== undefined && options.key === undefined)
    throw new VigilError(
      "usage-invalid",
      "--source compares with what the key makes of the originals: give --key FILE too",
    );
  const pseudonyms = options.key === undefined ? undefined : await keyOf(dir, options.key);
  const findings: AuditFinding[] = [];
  let count = 0;
  let images = 0;
  const progress = progressBar("auditing");
  const add = (finding: AuditFinding) => {
    count++;
    if (findings.length < MOST_LISTED) findings.push(finding);
  };
  try {
    const onStudy = (number: number) => {
      images += number;
      progress.update(images);
    };
    for await (const finding of auditDataset(dir, onStudy)) add(finding);
  } finally {
    progress.done();
  }
  let source: SourceComparison | null = null;
  if (pseudonyms !== undefined && options.source !== undefined) {
    source = await compareWithSource(dir, options.source, pseudonyms);
    source.findings.forEach(add);
  }
  if (count > 0) process.exitCode = 1;
  const compared = source === null ? null : { same: source.same, notInDataset: source.notInDataset };
  if (options.json) return printJson({ dataset: dir, images, findings, count, source: compared });
  print(findings, count, images, compared);
}

async function keyOf(dir: string, file: string): Promise<Pseudonyms | undefined> {
  const { deidentification } = await readDatasetManifest(dir);
  return deidentification === null ? undefined : datasetKey(deidentification, file);
}

function print(
  findings: AuditFinding[],
  count: number,
  images: number,
  source: { same: number; notInDataset: number } | null,
): void {
  for (const { file, what } of findings.slice(0, MOST_PRINTED)) printLine(`${file}: ${what}`);
  if (count > MOST_PRINTED) printLine(`… and ${count - MOST_PRINTED} more (--json lists ${MOST_LISTED} of them)`);
  if (source !== null)
    printLine(
      `Of the originals ${source.same} are what the key makes of them, ${source.notInDataset} are not in the data set.`,
    );
  printLine(
    count === 0
      ? colour("green", `Nothing was found in ${images} images that says whose they are.`)
      : colour("red", `${count} findings in ${images} images: do not share this data set.`),
  );
  printLine("Faces can be recognised in a head CT that is rendered: nobody took them away (docs/deidentification.md).");
}

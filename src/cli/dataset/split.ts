import { LABELS } from "../../contract/labels.ts";
import { VigilError } from "../../errors.ts";
import { Dataset } from "../../training/dataset/dataset.ts";
import type { FoldCounts } from "../../training/split/fold-table.ts";
import { type SplitRequest, splitDataset } from "../../training/split/split-dataset.ts";
import { printJson, printLine } from "../print.ts";
import { tell } from "./told.ts";

export interface SplitOptions extends SplitRequest {
  json?: boolean;
  check?: string;
}

/** `vigil dataset split`: divides a data set, or looks for leaks in a division that somebody else made. */
export async function split(dir: string | undefined, options: SplitOptions): Promise<void> {
  if (options.check !== undefined) return (await import("./check-split.ts")).checkSplit(options.check, dir, options);
  if (dir === undefined) throw new VigilError("usage-invalid", "which data set? Name its folder");
  if (options.folds !== undefined && options.validation !== undefined)
    throw new VigilError("usage-invalid", "--folds and --validation exclude each other: a hold-out has two sides");
  if (options.folds !== undefined && (options.folds < 2 || options.folds > 100))
    throw new VigilError("usage-invalid", `--folds ${options.folds}: 2 to 100 are possible`);
  const dataset = await Dataset.open(dir);
  const { folds, leaks, remarks } = await splitDataset(dataset, options);
  for (const remark of remarks) tell(remark);
  if (options.json) return printJson({ folds, leaks });
  const isHoldOut = options.validation !== undefined;
  printFolds(folds, isHoldOut);
  printLine(`  written to ${dir}/split.csv`);
}

function printFolds(folds: FoldCounts[], isHoldOut: boolean): void {
  const share = (part: number, of: number) => `${((100 * part) / Math.max(1, of)).toFixed(2)} %`;
  const rows = [
    ["fold", "patients", "studies", "slices", ...LABELS],
    ...folds.map(({ fold, patients, studies, slices, positives }) => [
      isHoldOut ? ["validation", "training"][fold]! : String(fold),
      ...[patients, studies, slices].map(String),
      ...LABELS.map((label) => share(positives[label], slices)),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  for (const row of rows) printLine(`  ${row.map((cell, column) => cell.padStart(widths[column]!)).join("  ")}`);
}

import { LABELS } from "../../contract/labels.ts";
import { VigilError } from "../../errors.ts";
import type { LinkChoice } from "../../training/import/place-file.ts";
import { ProblemTally } from "../../training/import/problems.ts";
import { importRsnaImages, type RsnaFileCounts } from "../../training/import/rsna.ts";
import { type RsnaLabels, readRsnaLabels } from "../../training/import/rsna-labels.ts";
import type { GlobalOptions } from "../options.ts";
import { colour, printJson, printLine } from "../print.ts";
import { withProgress } from "../progress.ts";
import { printProblems, tell } from "./told.ts";

interface ImportRsnaOptions extends GlobalOptions {
  out?: string;
  link: LinkChoice;
}

/**
 * `vigil dataset import-rsna`: labels and images of the RSNA collection as a data set. Without images the label file is
 * checked and counted, and nothing is written: labels alone are no data set.
 */
export async function importRsna(csv: string, dir: string | undefined, options: ImportRsnaOptions): Promise<void> {
  if (dir !== undefined && options.out === undefined)
    throw new VigilError("usage-invalid", "say where the data set goes: --out DIR");
  const tally = new ProblemTally();
  const labels = await withProgress("reading labels", (update) => readRsnaLabels(csv, tally, update));
  const { out = null } = options;
  const files = dir === undefined || out === null ? null : await images(csv, dir, out, options, labels, tally);
  if (files === null && out !== null) tell(`nothing is written to ${out}: labels without images are no data set`);
  const { rows, conflicts, counts } = labels;
  const duplicates = tally.count("duplicate-rows");
  const problems = tally.list();
  const summary = { images: labels.index.size, rows, duplicates, conflicts, labels: counts, files, problems };
  if (options.json) return printJson({ out: files === null ? null : out, ...summary });
  printLabels(labels, duplicates);
  if (files !== null) printFiles(files, out!);
  printProblems(problems);
}

function images(
  csv: string,
  dir: string,
  out: string,
  { link }: ImportRsnaOptions,
  labels: RsnaLabels,
  tally: ProblemTally,
): Promise<RsnaFileCounts> {
  return withProgress("reading headers", (headers) =>
    withProgress("importing images", (update) =>
      importRsnaImages({
        ...{ dir, out, labelFile: csv, labels, link, tally },
        onProgress: (step, done, total) => (step === "headers" ? headers(done) : update(done, total)),
      }),
    ),
  );
}

function printLabels({ index, rows, counts }: RsnaLabels, duplicates: number): void {
  printLine(`${colour("bold", "Labels")}  ${index.size} images in ${rows} rows, ${duplicates} of them duplicates`);
  for (const label of LABELS.toReversed()) {
    const { positive, share } = counts[label];
    printLine(`  ${label.padEnd(17)} ${String(positive).padStart(8)}  ${(share * 100).toFixed(2).padStart(6)} %`);
  }
}

function printFiles({ images, labelled, missing, unusable, linked, copied, kept }: RsnaFileCounts, out: string): void {
  printLine(`${colour("bold", "Images")}  ${images} in ${out}, ${labelled} of them labelled`);
  printLine(
    `  ${linked} linked, ${copied} copied, ${kept} there before; ${unusable} cannot be used; ${missing} are missing`,
  );
}

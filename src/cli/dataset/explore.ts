import path from "node:path";
import { LABELS } from "../../contract/labels.ts";
import { LABEL_NAME } from "../../contract/words.ts";
import { VigilError } from "../../errors.ts";
import { Dataset } from "../../training/dataset/dataset.ts";
import { writeWhole } from "../../training/dataset/whole-file.ts";
import { type Exploration, exploreDataset } from "../../training/explore/explore.ts";
import { explorationPage } from "../../training/explore/report.ts";
import { colour, printJson, printLine } from "../print.ts";
import { type Progress, progressBar } from "../progress.ts";

interface Options {
  json?: boolean;
  out?: string;
  seed: string;
  pixels: string;
  compare: string;
}

/** `vigil dataset explore`: what a data set holds, as one file of HTML and in JSON. */
export async function explore(dir: string, { json, out, seed, pixels, compare }: Options): Promise<void> {
  const dataset = await Dataset.open(dir);
  const bars = new Map<string, Progress>();
  const exploration = await exploreDataset(dataset, {
    seed: wholeNumber("--seed", seed),
    looked: wholeNumber("--pixels", pixels),
    compared: wholeNumber("--compare", compare),
    onProgress: (step, done, total) => {
      const bar = bars.get(step) ?? progressBar(`reading ${step}`);
      bars.set(step, bar);
      bar.update(done, total);
      if (done === total) bar.done();
    },
  });
  const report = out ?? path.join(dir, "explore.html");
  await writeWhole(report, explorationPage(exploration, dataset.manifest));
  if (json) printJson({ ...forMachines(exploration), report });
  else printExploration(exploration, report);
}

function wholeNumber(flag: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new VigilError("usage-invalid", `${flag} takes a whole number from 0 on, not ${text}`);
}

/** Without the pictures; `labels` are those of the images, studies and patients beside them. */
function forMachines({ galleries, labels, ...rest }: Exploration) {
  const { slices, studies, patients, ...others } = labels;
  return { ...rest, ...others, labels: slices, labelsOfStudies: studies, labelsOfPatients: patients };
}

function printExploration({ slices, studies, patients, labels, oddities }: Exploration, report: string): void {
  printLine(colour("bold", `${patients} patients, ${studies} studies, ${slices} images`));
  for (const label of LABELS.toReversed()) {
    const { positive, known, share } = labels.slices[label];
    const part = known === 0 ? "not labelled" : `${(100 * share).toFixed(2)} %`.padStart(8);
    printLine(
      `  ${LABEL_NAME[label].padEnd(17)} ${String(positive).padStart(7)} of ${String(known).padStart(7)} images ${part}`,
    );
  }
  for (const { text, count } of oddities) printLine(`  ${colour("yellow", "!")} ${count} x ${text}`);
  printLine(`Report: ${report}`);
}

import type { Finding, KeySlice } from "../contract/finding.ts";
import { LABELS } from "../contract/labels.ts";
import type { StudyResult } from "../contract/result.ts";
import { type SliceNumbers, sliceKey, sliceNumbers } from "../contract/slices.ts";
import { notSeenOf } from "../contract/warning.ts";
import { LABEL_NAME, milliseconds, PRESENCE_WORD, score, scoreWords, sideWord } from "../contract/words.ts";
import type { StudyAnalysis } from "../scoring/analysis.ts";
import { colour, columnsOf, printLine, statusText, wrap } from "./print.ts";
import { printSeries, printWarnings } from "./print-series.ts";
import { type Naming, studyHeading } from "./study-heading.ts";

const NAME_WIDTH = 17;
const SIDE_WIDTH = 11;

/** One study for a person: the answer, where to look, what was not seen; then how it came about. */
export function printStudy({ result, attributes }: StudyAnalysis, naming: Naming): void {
  const numbers = sliceNumbers(result.slices);
  printVerdict(result);
  printLine(studyHeading(result.studyInstanceUid, attributes, naming));
  printFindings(result, numbers, naming);
  if (result.warnings.length > 0) printLine();
  printWarnings(result.warnings);
  printLine();
  printScores(result);
  printSeries(result.series);
  printTimings(result);
}

export function printDisclaimer(): void {
  printLine(colour("grey", "  Research use only. Not a medical device."));
}

function printVerdict(result: StudyResult): void {
  const verdict = statusText({ ...result, notSeen: notSeenOf(result.warnings) }, process.stdout, columnsOf());
  printLine(colour("bold", verdict));
  const any = result.findings.find(({ label }) => label === "any");
  if (any !== undefined) printLine(`  ${scoreWords(any.probability, any.threshold)}`);
}

/** Present ones; of a study that is in doubt by its score those that are in doubt. */
function printFindings(result: StudyResult, numbers: SliceNumbers, { showNames }: Naming): void {
  if (result.reason !== null) return;
  const present = result.findings.filter(({ presence }) => presence === "present");
  const shown = present.length > 0 ? present : result.findings.filter((it) => it.probability >= it.undeterminedFrom);
  const kinds = shown.filter(({ label }) => label !== "any");
  const rows = kinds.length > 0 ? kinds : shown;
  if (rows.length > 0) printLine();
  for (const finding of rows.toSorted((a, b) => b.probability - a.probability)) {
    const name = finding.label === "any" ? "Kind uncertain" : LABEL_NAME[finding.label];
    const doubt = finding.presence === "present" ? "" : " (in doubt)";
    const where = placeWords(result, finding, numbers);
    const side = sideWord(finding.laterality).padEnd(SIDE_WIDTH);
    const line = `${name.padEnd(NAME_WIDTH)}  ${side} ${where === "" ? "no definite place" : where}${doubt}`;
    printLine(`  ${colour("bold", line.trimEnd())}`);
  }
  if (showNames) printKeyFiles(result, rows, numbers);
  if (result.warnings.some(({ limitsFlag }) => limitsFlag)) return;
  if (rows.length === 0) printLine();
  printLine("  The whole head was read.");
}

/** "slices 15, 19 of 30", best first; with the series' names where several were read. */
function placeWords(result: StudyResult, { keySlices }: Finding, numbers: SliceNumbers): string {
  const bySeries = Map.groupBy(keySlices, ({ seriesInstanceUid }) => seriesInstanceUid);
  const several = result.series.filter(({ chosen }) => chosen).length > 1;
  return [...bySeries]
    .map(([uid, slices]) => {
      const known = slices.flatMap((slice) => numbers.get(sliceKey(slice)) ?? []);
      const name = result.series.find(({ seriesInstanceUid }) => seriesInstanceUid === uid)?.description || uid;
      const noun = known.length === 1 ? "slice" : "slices";
      return `${noun} ${known.map(({ number }) => number).join(", ")} of ${known[0]?.of}${several ? ` in ${name}` : ""}`;
    })
    .join("; ");
}

function printKeyFiles(result: StudyResult, findings: Finding[], numbers: SliceNumbers): void {
  const files = new Map(result.slices.map((slice) => [sliceKey(slice), slice.file]));
  const keySlices = new Map<string, KeySlice>();
  for (const slice of findings.flatMap((finding) => finding.keySlices)) keySlices.set(sliceKey(slice), slice);
  for (const key of keySlices.keys()) {
    const file = files.get(key);
    if (file != null) printLine(`  slice ${String(numbers.get(key)?.number).padStart(3)}  ${file}`);
  }
}

/** A bar of twenty cells with a tick where the threshold lies. */
function meter(probability: number, threshold: number): string {
  const cells = 20;
  const filled = Math.round(probability * cells);
  const tick = Math.min(cells - 1, Math.floor(threshold * cells));
  return Array.from({ length: cells }, (_, i) => (i === tick ? "│" : i < filled ? "█" : "·")).join("");
}

function printScores(result: StudyResult): void {
  for (const label of LABELS.toReversed()) {
    const finding = result.findings.find((candidate) => candidate.label === label);
    if (finding === undefined) continue;
    const bar = meter(finding.probability, finding.threshold);
    const presence = PRESENCE_WORD[finding.presence].toLowerCase();
    printLine(
      `  ${LABEL_NAME[label].padEnd(NAME_WIDTH)} ${bar} ${score(finding.probability).padStart(4)}  ${presence}`,
    );
  }
}

function printTimings({ model, provider, slices, timings }: StudyResult): void {
  if (model === null || provider === null) return;
  const { retrieveMs, decodeMs, preprocessMs, inferenceMs, totalMs } = timings;
  const steps = Object.entries({
    fetch: retrieveMs,
    decode: decodeMs,
    prepare: preprocessMs,
    model: inferenceMs,
    all: totalMs,
  }).map(([step, ms]) => `${step} ${milliseconds(ms)}`);
  const line = `${model.name} ${model.version} on ${provider}, ${slices.length} slices: ${steps.join(", ")}`;
  printLine(colour("grey", `  ${wrap(line, 2)}`));
}

import { LABELS } from "../contract/labels.ts";
import type { StudyResult } from "../contract/result.ts";
import type { SeriesDecision } from "../contract/series.ts";
import { sliceKey, sliceNumbers } from "../contract/slices.ts";
import { notSeenOf, type Warning } from "../contract/warning.ts";
import { type StatusSource, type StatusWords, score, scoreWords, statusWords } from "../contract/words.ts";

/** The result on stdout: one JSON object with --json, text for people without. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

export function printLine(line = ""): void {
  process.stdout.write(`${line}\n`);
}

const colours = { red: 31, green: 32, yellow: 33, grey: 90, bold: 1 } as const;

export function colour(name: keyof typeof colours, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return stream.isTTY && !process.env.NO_COLOR ? `\u001b[${colours[name]}m${text}\u001b[0m` : text;
}

const TONE_COLOUR: Record<StatusWords["tone"], keyof typeof colours> = {
  critical: "red",
  undetermined: "yellow",
  negative: "green",
  pending: "grey",
  "not-analysed": "grey",
  failed: "red",
};

/** A verdict as colour, shape and words. */
export function statusText(study: StatusSource, stream?: NodeJS.WriteStream): string {
  const { tone, symbol, text } = statusWords(study);
  return colour(TONE_COLOUR[tone], `${symbol} ${text}`, stream);
}

/** A bar of twenty cells with a tick where the threshold lies. */
function meter(probability: number, threshold: number): string {
  const cells = 20;
  const filled = Math.round(probability * cells);
  const tick = Math.min(cells - 1, Math.floor(threshold * cells));
  return Array.from({ length: cells }, (_, i) => (i === tick ? "│" : i < filled ? "█" : "·")).join("");
}

export function printResult(result: StudyResult): void {
  printLine(`${colour("bold", "Study")}  ${result.studyInstanceUid}`);
  printLine(`        ${statusText({ ...result, notSeen: notSeenOf(result.warnings) })}`);
  const overall = result.findings.find(({ label }) => label === "any");
  if (overall !== undefined) printLine(`        ${scoreWords(overall.probability, overall.threshold)}`);
  const numbers = sliceNumbers(result.slices);
  for (const label of LABELS.toReversed()) {
    const finding = result.findings.find((candidate) => candidate.label === label);
    if (finding === undefined) continue;
    const at = finding.keySlices.flatMap((slice) => numbers.get(sliceKey(slice))?.number ?? []).join(", ");
    const side = finding.laterality === null ? "" : `  ${finding.laterality}`;
    const place = at === "" ? "" : `${side}  slice ${at}`;
    const bar = meter(finding.probability, finding.threshold);
    printLine(
      `  ${label.padEnd(17)} ${bar} ${score(finding.probability).padStart(4)}  ${finding.presence.padEnd(12)}${place}`,
    );
  }
  printSeries(result.series);
  printWarnings(result.warnings);
  if (result.model !== null && result.provider !== null) {
    const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
    const { retrieveMs, decodeMs, preprocessMs, inferenceMs, totalMs } = result.timings;
    const steps = [
      `fetch ${seconds(retrieveMs)}`,
      `decode ${seconds(decodeMs)}`,
      `prepare ${seconds(preprocessMs)}`,
      `model ${seconds(inferenceMs)}`,
      `all ${seconds(totalMs)}`,
    ];
    printLine(
      colour(
        "grey",
        `  ${result.model.name} ${result.model.version} on ${result.provider}, ${result.slices.length} slices: ${steps.join(", ")}`,
      ),
    );
  }
  printLine(colour("grey", "  Research use only. Not a medical device."));
}

export function printWarnings(warnings: Warning[]): void {
  for (const { limitsFlag, message } of warnings) {
    printLine(limitsFlag ? `  ${colour("yellow", "◆ not seen:")} ${message}` : `  ${colour("yellow", "!")} ${message}`);
  }
}

export function printSeries(series: SeriesDecision[]): void {
  for (const decision of series) {
    const mark = decision.chosen ? colour("green", "→") : " ";
    const name = decision.description || decision.seriesInstanceUid;
    const score = decision.score < 0 ? "" : `, score ${decision.score}`;
    printLine(
      `  ${mark} ${name} (${decision.modality}, ${decision.instances}${score}): ${decision.reasons.join(", ")}`,
    );
  }
}

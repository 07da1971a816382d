import { chmod } from "node:fs/promises";
import path from "node:path";
import { findModel } from "../ai/model-package.ts";
import { type Config, loadConfig } from "../config.ts";
import type { Problem } from "../contract/problem.ts";
import type { StudyResult } from "../contract/result.ts";
import { withoutResult } from "../contract/study.ts";
import { notSeenOf } from "../contract/warning.ts";
import { type StatusWords, statusWords } from "../contract/words.ts";
import type { StudySource } from "../dicom/source.ts";
import { toVigilError } from "../errors.ts";
import { modelRoots } from "../installation.ts";
import { analyseStudy } from "../scoring/analyse-study.ts";
import { type StudyAnalysis, wasAnalysed } from "../scoring/analysis.ts";
import { type StartedTools, startTools } from "../scoring/start-tools.ts";
import { timeReport } from "../scoring/step-timer.ts";
import { DIR_MODE, writeWhole } from "../training/dataset/whole-file.ts";
import type { GlobalOptions } from "./options.ts";
import { printJson, printLine } from "./print.ts";
import { printDisclaimer, printStudy } from "./print-study.ts";
import { printTable, type StudyRow } from "./print-table.ts";
import { progressBar } from "./progress.ts";
import type { Naming } from "./study-heading.ts";
import { findStudies } from "./study-source.ts";

export interface ScoreOptions extends GlobalOptions {
  out?: string;
  showNames?: boolean;
}

/** A study that ended with an error, in the shape of the others. */
type FailedStudy = ReturnType<typeof failedStudy>;

/**
 * `vigil score`: the whole reading of studies without service, database or PACS to write to. Each study gets its own
 * answer: one that fails ends no other, but exit code 1.
 */
export async function score(study: string, options: ScoreOptions): Promise<void> {
  const config = loadConfig(options);
  const sources = await findStudies(study, config);
  const model = await findModel(config.model, modelRoots(config.data.dir));
  const tools = await startTools({ model, inference: config.inference });
  const naming = { showNames: options.showNames ?? false };
  try {
    const results: (StudyResult | FailedStudy)[] = [];
    const rows: StudyRow[] = [];
    for (const [index, source] of sources.entries()) {
      const what = sources.length === 1 ? "" : `study ${index + 1} of ${sources.length}: `;
      try {
        const analysis = await scoreOne(source, tools, config, what);
        if (options.out !== undefined) await writeOutputs(options.out, analysis);
        results.push(analysis.result);
        rows.push(rowOf(analysis));
        if (!options.json) printOne(analysis, index, naming);
      } catch (error) {
        const { studyInstanceUid } = source;
        const failed = failedStudy(studyInstanceUid, toVigilError(error));
        tellFailure(failed);
        results.push(failed);
        rows.push({ studyInstanceUid, attributes: undefined, status: failureWords(failed), probability: null });
      }
    }
    if (options.json) return printJson({ studies: results });
    if (rows.length > 1) printTable(rows, naming);
    printDisclaimer();
  } finally {
    await tools.stop();
  }
}

async function scoreOne(
  source: StudySource,
  tools: StartedTools,
  { selection }: Config,
  what: string,
): Promise<StudyAnalysis> {
  const progress = progressBar(what);
  progress.say("reading");
  try {
    return await analyseStudy(source, tools, {
      selection,
      onProgress: (done, total) => progress.say(`scoring slice ${done} of ${total}`),
    });
  } finally {
    progress.done();
  }
}

function printOne(analysis: StudyAnalysis, index: number, naming: Naming): void {
  if (index > 0) printLine();
  printStudy(analysis, naming);
}

function rowOf({ result, attributes }: StudyAnalysis): StudyRow {
  const status = statusWords({ ...result, notSeen: notSeenOf(result.warnings) });
  return {
    studyInstanceUid: result.studyInstanceUid,
    attributes,
    status,
    probability: result.probabilities?.any ?? null,
  };
}

function failedStudy(studyInstanceUid: string, { code, message }: Problem) {
  const state = { state: "failed", flag: "not-analysed" } as const;
  return { ...withoutResult(studyInstanceUid), ...state, error: { code, message } };
}

function failureWords({ error }: FailedStudy): StatusWords {
  return { tone: "failed", symbol: "⚠", text: `Failed: ${error.code}` };
}

function tellFailure({ studyInstanceUid, error: { code, message } }: FailedStudy): void {
  process.stderr.write(`vigil: study ${studyInstanceUid} could not be scored: ${message} [${code}]\n`);
  process.exitCode = 1;
}

/** Both hold what identifies a patient: only their owner may read them, and neither is ever there in part. */
async function writeOutputs(dir: string, analysis: StudyAnalysis): Promise<void> {
  const studyDir = path.join(dir, analysis.result.studyInstanceUid);
  if (wasAnalysed(analysis)) {
    // Loaded here: the writer of DICOM costs as much at start as everything else.
    const { buildStructuredReport } = await import("../reports/structured-report.ts");
    const { bytes } = timeReport(analysis.result, () => buildStructuredReport(analysis));
    await writeWhole(path.join(studyDir, "report.dcm"), bytes);
  }
  await writeWhole(path.join(studyDir, "result.json"), `${JSON.stringify(analysis.result, null, 2)}\n`);
  await chmod(studyDir, DIR_MODE);
  process.stderr.write(`vigil: written to ${studyDir}\n`);
}

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { findModel } from "../ai/model-package.ts";
import { type Config, loadConfig } from "../config.ts";
import type { Problem } from "../contract/problem.ts";
import type { StudyResult } from "../contract/result.ts";
import { withoutResult } from "../contract/study.ts";
import type { StudySource } from "../dicom/source.ts";
import { toVigilError } from "../errors.ts";
import { modelRoots } from "../installation.ts";
import { buildStructuredReport } from "../reports/structured-report.ts";
import { type AnalysisTools, analyseStudy } from "../scoring/analyse-study.ts";
import { type StudyAnalysis, wasAnalysed } from "../scoring/analysis.ts";
import { startTools } from "../scoring/start-tools.ts";
import { timeReport } from "../scoring/step-timer.ts";
import type { GlobalOptions } from "./options.ts";
import { printJson, printResult } from "./print.ts";
import { progressBar } from "./progress.ts";
import { findStudies } from "./study-source.ts";

/** A study that ended with an error, in the shape of the others. */
type FailedStudy = ReturnType<typeof failedStudy>;

/**
 * `vigil score`: the whole reading of studies without service, database or PACS to write to. Each study gets its own
 * answer: one that fails ends no other, but exit code 1.
 */
export async function score(study: string, options: GlobalOptions & { out?: string }): Promise<void> {
  const config = loadConfig(options);
  const sources = await findStudies(study, config);
  const model = await findModel(config.model, modelRoots(config.data.dir));
  const tools = await startTools({ model, inference: config.inference });
  try {
    const studies: (StudyResult | FailedStudy)[] = [];
    for (const source of sources) {
      const result = await scoreOne(source, tools, config, options.out).catch((error) =>
        failedStudy(source.studyInstanceUid, toVigilError(error)),
      );
      studies.push(result);
      if ("error" in result) tellFailure(result);
      else if (!options.json) printResult(result);
    }
    if (options.json) printJson({ studies });
  } finally {
    await tools.stop();
  }
}

async function scoreOne(
  source: StudySource,
  tools: AnalysisTools,
  { selection }: Config,
  out: string | undefined,
): Promise<StudyResult> {
  const progress = progressBar("scoring");
  try {
    const analysis = await analyseStudy(source, tools, { selection, onProgress: progress.update });
    if (out !== undefined) writeOutputs(out, analysis);
    return analysis.result;
  } finally {
    progress.done();
  }
}

function failedStudy(studyInstanceUid: string, { code, message }: Problem) {
  const state = { state: "failed", flag: "not-analysed" } as const;
  return { ...withoutResult(studyInstanceUid), ...state, error: { code, message } };
}

function tellFailure({ studyInstanceUid, error: { code, message } }: FailedStudy): void {
  process.stderr.write(`vigil: study ${studyInstanceUid} could not be scored: ${message} [${code}]\n`);
  process.exitCode = 1;
}

function writeOutputs(dir: string, analysis: StudyAnalysis): void {
  const studyDir = path.join(dir, analysis.result.studyInstanceUid);
  mkdirSync(studyDir, { recursive: true });
  if (wasAnalysed(analysis)) {
    const { bytes } = timeReport(analysis.result, () => buildStructuredReport(analysis));
    writeFileSync(path.join(studyDir, "report.dcm"), bytes);
  }
  writeFileSync(path.join(studyDir, "result.json"), `${JSON.stringify(analysis.result, null, 2)}\n`);
  process.stderr.write(`vigil: written to ${studyDir}\n`);
}

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { findModel } from "../ai/model-package.ts";
import { VolumeScorer } from "../ai/volume-scorer.ts";
import { loadConfig } from "../config.ts";
import { modelRoots } from "../installation.ts";
import { buildStructuredReport } from "../reports/structured-report.ts";
import { analyseStudy } from "../scoring/analyse-study.ts";
import { type StudyAnalysis, wasAnalysed } from "../scoring/analysis.ts";
import type { GlobalOptions } from "./options.ts";
import { printJson, printResult } from "./print.ts";
import { progressBar } from "./progress.ts";
import { findStudies } from "./study-source.ts";

/** `vigil score`: the whole reading of a study without service, database or PACS to write to. */
export async function score(study: string, options: GlobalOptions & { out?: string }): Promise<void> {
  const config = loadConfig(options);
  const sources = await findStudies(study, config);
  const model = await findModel(config.model, modelRoots(config.data.dir));
  const scorer = await VolumeScorer.start({ model, inference: config.inference });
  try {
    const results = [];
    for (const source of sources) {
      const progress = progressBar("scoring");
      const scored = await analyseStudy(source, scorer, { selection: config.selection, onProgress: progress.update });
      progress.done();
      if (options.out !== undefined) writeOutputs(options.out, scored);
      if (!options.json) printResult(scored.result);
      results.push(scored.result);
    }
    if (options.json) printJson({ studies: results });
  } finally {
    await scorer.stop();
  }
}

function writeOutputs(dir: string, scored: StudyAnalysis): void {
  const studyDir = path.join(dir, scored.result.studyInstanceUid);
  mkdirSync(studyDir, { recursive: true });
  const startedAt = performance.now();
  if (wasAnalysed(scored)) writeFileSync(path.join(studyDir, "report.dcm"), buildStructuredReport(scored).bytes);
  scored.result.timings.reportMs = performance.now() - startedAt;
  writeFileSync(path.join(studyDir, "result.json"), `${JSON.stringify(scored.result, null, 2)}\n`);
  process.stderr.write(`vigil: written to ${studyDir}\n`);
}

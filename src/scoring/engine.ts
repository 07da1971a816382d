import type { ScoringOptions } from "../ai/volume-scorer.ts";
import type { Config } from "../config.ts";
import type { ModelRef } from "../contract/model.ts";
import type { StudySource } from "../dicom/source.ts";
import { type AnalysisTools, analyseStudy } from "./analyse-study.ts";
import type { StudyAnalysis } from "./analysis.ts";

/** What scores studies: a model that runs. A process that only serves the API has none. */
export interface ScoringEngine {
  readonly model: ModelRef;
  /** The execution provider that really runs it. */
  readonly provider: string;
  analyse(source: StudySource, options: ScoringOptions): Promise<StudyAnalysis>;
}

export function scoringEngine(tools: AnalysisTools, selection: Config["selection"]): ScoringEngine {
  const { name, version } = tools.scorer.model.manifest;
  return {
    model: { name, version },
    provider: tools.scorer.provider,
    analyse: (source, options) => analyseStudy(source, tools, { selection, ...options }),
  };
}

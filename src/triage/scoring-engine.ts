import type { Scorer, ScoringOptions } from "../ai/scorer.ts";
import type { Config } from "../config.ts";
import type { StudySource } from "../dicom/source.ts";
import type { ModelRef } from "../result.ts";
import { scoreStudy } from "./score-study.ts";
import type { ScoredStudy } from "./scored-study.ts";

/** What scores studies: a model that runs. A process that only serves the API has none. */
export interface ScoringEngine {
  readonly model: ModelRef;
  /** The execution provider that really runs it. */
  readonly provider: string;
  score(source: StudySource, options: ScoringOptions): Promise<ScoredStudy>;
}

export function scoringEngine(scorer: Scorer, selection: Config["selection"]): ScoringEngine {
  const { name, version } = scorer.model.manifest;
  return {
    model: { name, version },
    provider: scorer.provider,
    score: (source, options) => scoreStudy(source, scorer, { selection, ...options }),
  };
}

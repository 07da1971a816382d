import type { StudySource } from "../dicom/source.ts";
import type { ModelRef } from "../result.ts";
import type { ScoredStudy } from "./scored-study.ts";

export interface ScoringOptions {
  /** Slices scored so far, and in all. */
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

/** What scores studies: a model that runs. A process that only serves the API has none. */
export interface ScoringEngine {
  readonly model: ModelRef;
  /** The execution provider that really runs it. */
  readonly provider: string;
  score(source: StudySource, options: ScoringOptions): Promise<ScoredStudy>;
}

import { setTimeout as delay } from "node:timers/promises";
import { type ScoringEngine, scoringEngine } from "../../src/scoring/engine.ts";
import { startAnalysisTools } from "./analysis-tools.ts";

export interface TestEngine extends ScoringEngine {
  /** The studies that were scored, in order. */
  scored: string[];
  /** Makes each scoring take longer, as a big model would. */
  pauseMs: number;
  stop(): Promise<void>;
}

/** The default model, with a record of what it was used for. */
export async function startEngine(): Promise<TestEngine> {
  const tools = await startAnalysisTools();
  const engine = scoringEngine(tools, tools.selection);
  const test: TestEngine = {
    ...engine,
    scored: [],
    pauseMs: 0,
    async analyse(source, options) {
      test.scored.push(source.studyInstanceUid);
      await delay(test.pauseMs, undefined, { signal: options.signal });
      return engine.analyse(source, options);
    },
    stop: () => tools.stop(),
  };
  return test;
}

import { tmpdir } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { findModel } from "../../src/ai/model-package.ts";
import { VolumeScorer } from "../../src/ai/volume-scorer.ts";
import { configSchema } from "../../src/config.ts";
import { modelRoots } from "../../src/installation.ts";
import { type ScoringEngine, scoringEngine } from "../../src/scoring/engine.ts";

const config = configSchema.parse({});

export interface TestEngine extends ScoringEngine {
  /** The studies that were scored, in order. */
  scored: string[];
  /** Makes each scoring take longer, as a big model would. */
  pauseMs: number;
  stop(): Promise<void>;
}

/** The default model, with a record of what it was used for. */
export async function startEngine(): Promise<TestEngine> {
  const model = await findModel(config.model, modelRoots(tmpdir()));
  const scorer = await VolumeScorer.start({ model, inference: config.inference });
  const engine = scoringEngine(scorer, config.selection);
  const test: TestEngine = {
    ...engine,
    scored: [],
    pauseMs: 0,
    async analyse(source, options) {
      test.scored.push(source.studyInstanceUid);
      await delay(test.pauseMs, undefined, { signal: options.signal });
      return engine.analyse(source, options);
    },
    stop: () => scorer.stop(),
  };
  return test;
}

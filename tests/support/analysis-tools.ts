import { tmpdir } from "node:os";
import { findModel } from "../../src/ai/model-package.ts";
import { VolumeScorer } from "../../src/ai/volume-scorer.ts";
import { type Config, configSchema } from "../../src/config.ts";
import { InstanceReader } from "../../src/dicom/instance-reader.ts";
import { modelRoots } from "../../src/installation.ts";
import type { AnalysisTools } from "../../src/scoring/analyse-study.ts";

export interface TestTools extends AnalysisTools {
  selection: Config["selection"];
  stop(): Promise<void>;
}

/** What reads and scores studies: the default model and settings. */
export async function startAnalysisTools(): Promise<TestTools> {
  const { model, inference, selection } = configSchema.parse({});
  const scorer = await VolumeScorer.start({ model: await findModel(model, modelRoots(tmpdir())), inference });
  const reader = await InstanceReader.start();
  const stop = async () => {
    await Promise.all([scorer.stop(), reader.stop()]);
  };
  return { scorer, reader, selection, stop };
}

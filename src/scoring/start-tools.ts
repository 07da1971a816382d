import { VolumeScorer, type VolumeScorerOptions } from "../ai/volume-scorer.ts";
import { InstanceReader } from "../dicom/instance-reader.ts";
import type { AnalysisTools } from "./analyse-study.ts";

export interface StartedTools extends AnalysisTools {
  /** Ends the threads; what they work on fails with `interrupted`. */
  stop(): Promise<void>;
}

/**
 * Starts the threads that read and score, side by side: each takes a tenth of a second.
 * @throws VigilError model-invalid, provider-unavailable
 */
export async function startTools(options: VolumeScorerOptions): Promise<StartedTools> {
  const starting = [VolumeScorer.start(options), InstanceReader.start()] as const;
  try {
    const [scorer, reader] = await Promise.all(starting);
    return { scorer, reader, stop: () => stopAll([scorer, reader]) };
  } catch (error) {
    const started = (await Promise.allSettled(starting)).flatMap((it) => (it.status === "fulfilled" ? it.value : []));
    await stopAll(started);
    throw error;
  }
}

async function stopAll(tools: { stop(): Promise<void> }[]): Promise<void> {
  await Promise.all(tools.map((tool) => tool.stop()));
}

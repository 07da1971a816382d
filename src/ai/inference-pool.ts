import { availableParallelism } from "node:os";
import type { Config, Provider } from "../config.ts";
import { WorkerPool } from "../worker-pool.ts";
import type { InferenceRequest, InferenceResponse, SessionFacts, SessionSettings } from "./inference-session.ts";
import type { ModelPackage } from "./model-package.ts";

/** TensorRT builds an engine for minutes and WebGPU may be a software renderer: both only when asked for. */
const AUTOMATIC_PROVIDERS: Provider[] = ["cuda", "cpu"];

export type InferencePool = WorkerPool<InferenceRequest, InferenceResponse, SessionFacts>;

/**
 * Threads that run a model. The first one finds out which provider runs it; the others use the same.
 * @throws VigilError model-invalid, provider-unavailable
 */
export function startInferencePool(
  { onnxFile, manifest: { input, outputs } }: ModelPackage,
  { provider, workers, threads }: Config["inference"],
): Promise<InferencePool> {
  const wanted = provider === "auto" ? AUTOMATIC_PROVIDERS : [provider];
  const threadsEach = threads > 0 ? threads : Math.max(1, Math.floor(availableParallelism() / workers));
  return WorkerPool.start({
    script: new URL("./inference-worker.ts", import.meta.url),
    size: workers,
    purpose: "the inference",
    failureCode: "inference-failed",
    workerData: (first?: SessionFacts): SessionSettings => ({
      onnxFile,
      input,
      outputs,
      providers: first === undefined ? wanted : [first.provider],
      threads: threadsEach,
    }),
  });
}

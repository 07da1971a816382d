import { env, InferenceSession, Tensor } from "onnxruntime-node";
import type { Provider } from "../config.ts";
import { toVigilError, VigilError } from "../errors.ts";
import type { Manifest } from "./manifest.ts";
import { imageShape, inputProblem, outputProblem, type Shape } from "./model-signature.ts";

// A provider that cannot be loaded is reported by us; onnxruntime's own lines on stderr would only alarm.
env.logLevel = "fatal";

export interface SessionSettings {
  onnxFile: string;
  input: Manifest["input"];
  outputs: Manifest["outputs"];
  /** In the order in which they are tried. */
  providers: Provider[];
  /** 0 = as many as onnxruntime likes */
  threads: number;
}

export interface InferenceRequest {
  /** count x one image, in the layout of the manifest */
  images: Float32Array;
  count: number;
}

export type InferenceResponse = Record<string, { data: Float32Array; shape: number[] }>;

/** What is known of a session once it has run. */
export interface SessionFacts {
  /** The execution provider that ran the model, all of it. */
  provider: Provider;
  /** Why the providers before it do not run. */
  refusals: string[];
  /** Images per run where the model takes no other number. */
  fixedBatch: number | null;
}

export interface OpenSession {
  facts: SessionFacts;
  infer(request: InferenceRequest): Promise<InferenceResponse>;
}

/**
 * Loads the model with the first provider that runs it: a blank image is the proof.
 * @throws VigilError model-invalid, provider-unavailable
 */
export async function openSession(settings: SessionSettings): Promise<OpenSession> {
  const refusals: string[] = [];
  for (const provider of settings.providers) {
    try {
      return await openWith(provider, settings, refusals);
    } catch (error) {
      if (error instanceof VigilError) throw error;
      refusals.push(`${provider}: ${toVigilError(error).message.split("\n")[0]}`);
    }
  }
  // What the CPU cannot load no provider can: then the file is at fault.
  const code = settings.providers.includes("cpu") ? "model-invalid" : "provider-unavailable";
  throw new VigilError(code, `${settings.onnxFile} cannot be run: ${refusals.join("; ")}`);
}

async function openWith(provider: Provider, settings: SessionSettings, refusals: string[]): Promise<OpenSession> {
  const { onnxFile, input, outputs, threads } = settings;
  const session = await InferenceSession.create(onnxFile, {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    graphOptimizationLevel: "all",
    logSeverityLevel: 4,
    extra: {
      session: {
        // Threads that wait for the next layer sleep: spinning costs a fifth more processor time and gains none.
        intra_op: { allow_spinning: "0" },
        // Otherwise onnxruntime runs on the CPU what the provider cannot, and a "GPU" may be none.
        ...(provider !== "cpu" && { disable_cpu_ep_fallback: "1" }),
      },
    },
  });
  const inputShapes = session.inputMetadata.map((it): [string, Shape] => [it.name, it.isTensor ? [...it.shape] : []]);
  refuse(onnxFile, inputProblem(input, new Map(inputShapes)));
  const batch = inputShapes[0]![1][0];
  const fixedBatch = typeof batch === "number" ? batch : null;

  const infer = ({ images, count }: InferenceRequest) =>
    runSession(session, { [input.name]: new Tensor("float32", images, [count, ...imageShape(input)]) });
  const count = fixedBatch ?? 1;
  const pixels = imageShape(input).reduce((product, length) => product * length, count);
  const blank = await infer({ images: new Float32Array(pixels), count });
  refuse(onnxFile, outputProblem(outputs, count, new Map(Object.entries(blank).map(([name, it]) => [name, it.shape]))));
  return { facts: { provider, refusals, fixedBatch }, infer };
}

function refuse(onnxFile: string, problem: string | undefined): void {
  if (problem !== undefined) throw new VigilError("model-invalid", `${onnxFile} does not fit its manifest: ${problem}`);
}

async function runSession(session: InferenceSession, feeds: Record<string, Tensor>): Promise<InferenceResponse> {
  const outputs: InferenceResponse = {};
  for (const [name, tensor] of Object.entries(await session.run(feeds))) {
    if (!(tensor.data instanceof Float32Array)) continue;
    // Copied: onnxruntime's own memory cannot move to another thread.
    outputs[name] = { data: tensor.data.slice(), shape: [...tensor.dims] };
  }
  return outputs;
}

import { createRequire } from "node:module";
import util from "node:util";
import type * as tfjs from "@tensorflow/tfjs-core";
// The bundle has the operations as methods of a tensor too.
import type {} from "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js";
import { VigilError } from "../../errors.ts";
import { BINDING_FILE, BUNDLE_FILE, installedTraining } from "./installed.ts";

type Tfjs = typeof tfjs;

/** An attribute of a TensorFlow operation, as the addon takes it. */
export interface KernelAttribute {
  name: string;
  type: number;
  value: number | number[] | string | boolean;
}

/** TensorFlow behind tfjs: any of its operations can be called by name. */
export interface NativeBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: Record<
    "TF_ATTR_TYPE" | "TF_ATTR_INT" | "TF_ATTR_FLOAT" | "TF_ATTR_STRING" | "TF_ATTR_BOOL" | "TF_FLOAT",
    number
  >;
  executeSingleOutput(operation: string, attributes: KernelAttribute[], inputs: tfjs.Tensor[]): tfjs.Tensor;
  executeMultipleOutputs(
    operation: string,
    attributes: KernelAttribute[],
    inputs: tfjs.Tensor[],
    outputs: number,
  ): tfjs.Tensor[];
}

export interface TensorFlow {
  tf: Tfjs;
  backend: NativeBackend;
  /** The device really used: tfjs falls back to the CPU without a word. */
  device: "cpu" | "gpu";
}

type Bundle = Tfjs & { NodeJSKernelBackend: new (binding: unknown, packageName: string) => tfjs.KernelBackend };

let loaded: Promise<TensorFlow> | undefined;

/**
 * TensorFlow as `npm run setup:training` installed it, once for each process.
 * @throws VigilError training-not-set-up
 */
export function loadTensorFlow(): Promise<TensorFlow> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<TensorFlow> {
  if (installedTraining() === undefined) {
    throw new VigilError("training-not-set-up", "training needs TensorFlow: run `npm run setup:training` first");
  }
  // Else TensorFlow says at each start which instructions of the processor it uses.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "3";
  // tfjs-node 4.22 calls two functions that Node 24 no longer has.
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value == null, isArray: Array.isArray });
  const require = createRequire(import.meta.url);
  try {
    const tf = require(BUNDLE_FILE) as Bundle;
    const binding: unknown = require(BINDING_FILE);
    tf.registerBackend("tensorflow", () => new tf.NodeJSKernelBackend(binding, "@tensorflow/tfjs-node"));
    await tf.setBackend("tensorflow");
    await tf.ready();
    const backend = tf.backend() as unknown as NativeBackend;
    return { tf, backend, device: backend.isUsingGpuDevice ? "gpu" : "cpu" };
  } catch (cause) {
    const why = (cause as Error).message;
    throw new VigilError(
      "training-not-set-up",
      `TensorFlow cannot be loaded (${why}): remove .vigil/training and run \`npm run setup:training\` again`,
      { cause },
    );
  }
}

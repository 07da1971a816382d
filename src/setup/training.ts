import { execFileSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { build, stop } from "esbuild";
import { VigilError } from "../errors.ts";
import { PROJECT_DIR, TRAINING_DIR } from "../installation.ts";
import {
  BINDING_FILE,
  BUNDLE_FILE,
  type InstalledTraining,
  installedTraining,
  STAMP_FILE,
} from "../training/graph/installed.ts";
import type { Say } from "./debian.ts";
import { runCommand } from "./run-command.ts";

const TENSORFLOW_VERSION = "2.21.0";
const TFJS_VERSION = "4.22.0";
/** Counts up when what lies in the folder changes. */
const LAYOUT = 1;

export type TrainingDevice = InstalledTraining["device"];

function wanted(device: TrainingDevice): InstalledTraining {
  const name = device === "cpu" ? "tensorflow-cpu" : "tensorflow[and-cuda]";
  return { layout: LAYOUT, device, tensorflow: `${name}==${TENSORFLOW_VERSION}`, tfjs: TFJS_VERSION };
}

/**
 * Makes this machine ready to train: TensorFlow from PyPI in an environment of its own, tfjs's addon built against it,
 * and tfjs in one file. Nothing outside .vigil/training changes; a second call takes no time.
 * @throws VigilError setup-failed
 */
export async function installTraining(device: TrainingDevice, say: Say): Promise<void> {
  const target = wanted(device);
  if (JSON.stringify(installedTraining()) === JSON.stringify(target)) return;
  // The stamp goes first and comes last: what is half done is not taken for whole.
  rmSync(STAMP_FILE, { force: true });
  mkdirSync(TRAINING_DIR, { recursive: true });
  const tensorflow = await installTensorFlow(target, say);
  say("building what connects TensorFlow to Node …");
  await buildBinding(tensorflow, packageFolder(device));
  await bundleTfjs();
  writeFileSync(STAMP_FILE, JSON.stringify(target));
}

/** @returns the folder of the installed package, with its libraries and headers */
async function installTensorFlow({ device, tensorflow }: InstalledTraining, say: Say): Promise<string> {
  const venv = path.join(TRAINING_DIR, "venv");
  rmSync(venv, { recursive: true, force: true });
  await runCommand("python3", ["-m", "venv", venv]).catch((cause: Error) => {
    const advice = "install Python 3 with its venv module (Debian: apt-get install python3-venv)";
    throw new VigilError("setup-failed", `no Python environment can be made: ${advice}. ${cause.message}`, { cause });
  });
  say(`fetching TensorFlow (${tensorflow}, ${device === "cpu" ? "1.3 GB on disk" : "several GB on disk"}) …`);
  // Only its library is used, so the CPU's needs none of the Python packages around it; CUDA's libraries are such packages.
  const dependencies = device === "cpu" ? ["--no-deps"] : [];
  const pip = [...["-m", "pip", "install", "--quiet", "--disable-pip-version-check"], ...dependencies, tensorflow];
  await runCommand(path.join(venv, "bin", "python"), pip);
  const [folder] = globSync(path.join(venv, "lib", "python3*", "site-packages", "tensorflow"));
  if (folder === undefined)
    throw new VigilError("setup-failed", `pip installed ${tensorflow}, but it is not in ${venv}`);
  return folder;
}

function packageFolder(device: TrainingDevice): string {
  const name = device === "cpu" ? "@tensorflow/tfjs-node" : "@tensorflow/tfjs-node-gpu";
  const folder = path.join(PROJECT_DIR, "node_modules", name);
  if (!existsSync(folder)) {
    throw new VigilError("setup-failed", `the npm package ${name} is missing: run \`npm ci\` with optional packages`);
  }
  return folder;
}

async function buildBinding(tensorflow: string, tfjsNode: string): Promise<void> {
  const libraries = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"];
  const sources = ["tfjs_backend.cc", "tfjs_binding.cc"].map((name) => path.join(tfjsNode, "binding", name));
  await runCommand("g++", [
    ...["-O2", "-std=c++17", "-fPIC", "-shared", "-DNAPI_VERSION=8", "-DNODE_GYP_MODULE_NAME=tfjs_binding"],
    ...[nodeHeaders(), tfjsNode, path.join(tensorflow, "include")].map((folder) => `-I${folder}`),
    ...[...sources, "-o", BINDING_FILE, `-L${tensorflow}`],
    ...libraries.map((library) => `-l:${library}`),
    // Relative, so that the project's folder can be moved.
    `-Wl,-rpath,$ORIGIN/${path.relative(TRAINING_DIR, tensorflow)}`,
  ]);
}

/** Node's own come with it; Debian's lie in their own package. */
function nodeHeaders(): string {
  const beside = path.join(path.dirname(process.execPath), "..", "include", "node");
  const found = [beside, "/usr/include/node"].find((folder) => existsSync(path.join(folder, "node_api.h")));
  if (found !== undefined) return found;
  throw new VigilError("setup-failed", `Node's C headers are missing beside ${process.execPath} (Debian: libnode-dev)`);
}

const ENTRY = `
export * from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops";
import "@tensorflow/tfjs-core/dist/register_all_gradients";
export { NodeJSKernelBackend } from "@tensorflow/tfjs-node/dist/nodejs_kernel_backend.js";
import "@tensorflow/tfjs-node/dist/register_all_kernels.js";
`;

/** tfjs-node asks for the whole of tfjs, with layers, converters and data sets: it gets the core alone, and one core. */
async function bundleTfjs(): Promise<void> {
  const core = createRequire(import.meta.url).resolve("@tensorflow/tfjs-core/dist/tf-core.node.js");
  await build({
    stdin: { contents: ENTRY, resolveDir: PROJECT_DIR },
    ...{ bundle: true, platform: "node", format: "cjs", outfile: BUNDLE_FILE, logLevel: "error" },
    mainFields: ["module", "main"],
    plugins: [
      {
        name: "one tfjs-core",
        setup: ({ onResolve }) => onResolve({ filter: /^@tensorflow\/tfjs(-core)?$/ }, () => ({ path: core })),
      },
    ],
  });
  await stop();
}

/**
 * Lets TensorFlow differentiate a small convolution in a process of its own: a fault in its library ends only that one.
 * @returns the device that it really used, such as "cpu" or "NVIDIA H100"
 * @throws VigilError setup-failed
 */
export async function provenDevice(): Promise<string> {
  const proof = path.join(import.meta.dirname, "training-proof.ts");
  const found = path.join(TRAINING_DIR, "proof.json");
  rmSync(found, { force: true });
  await runCommand(process.execPath, [proof, found]);
  const device = JSON.parse(readFileSync(found, "utf8")) as unknown;
  return device === "gpu" ? gpuName() : "cpu";
}

function gpuName(): string {
  try {
    return execFileSync("nvidia-smi", ["--query-gpu=name", "--format=csv,noheader"], { encoding: "utf8" }).trim();
  } catch {
    return "gpu";
  }
}

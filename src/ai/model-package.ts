import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import type { ModelRef } from "../contract/model.ts";
import { VigilError } from "../errors.ts";
import { type Manifest, manifestSchema } from "./manifest.ts";

/** A model on disk, `<root>/<name>/<version>/`, with its manifest checked and its file unchanged since. */
export interface ModelPackage {
  dir: string;
  manifest: Manifest;
  onnxFile: string;
}

export interface InstalledModel extends ModelRef {
  dir: string;
}

/**
 * The package that a reference names, NAME or NAME@VERSION; without a version the highest one. Where two roots hold the
 * same version, the first root's counts.
 * @throws VigilError model-not-found, model-invalid
 */
export async function findModel(ref: string, roots: string[]): Promise<ModelPackage> {
  const [name, version] = ref.split("@");
  const installed = await listModels(roots);
  const candidates = installed.filter((model) => model.name === name && (!version || model.version === version));
  const [newest] = candidates.sort((a, b) => compareVersions(b.version, a.version));
  if (newest !== undefined) return loadModel(newest.dir);
  const known = installed.map((model) => `${model.name}@${model.version}`).join(", ") || "none";
  throw new VigilError("model-not-found", `there is no model ${ref}; known: ${known} (looked in ${roots.join(", ")})`);
}

/** Every package below the roots, unchecked. */
export async function listModels(roots: string[]): Promise<InstalledModel[]> {
  const models = [];
  for (const root of roots) {
    for (const name of await subfolders(root)) {
      for (const version of await subfolders(path.join(root, name))) {
        const dir = path.join(root, name, version);
        if (existsSync(path.join(dir, "manifest.json"))) models.push({ name, version, dir });
      }
    }
  }
  return models;
}

/**
 * Reads a package and checks its manifest and the hash of its model file. Names and shapes in the file itself are
 * checked where it is loaded (model-signature.ts).
 * @throws VigilError model-invalid
 */
export async function loadModel(dir: string): Promise<ModelPackage> {
  const manifest = await readManifest(path.join(dir, "manifest.json"));
  const [version, name] = [path.basename(dir), path.basename(path.dirname(dir))];
  if (manifest.name !== name || manifest.version !== version) {
    throw invalid(dir, `its manifest says ${manifest.name} ${manifest.version}, its folder ${name} ${version}`);
  }
  const onnxFile = path.join(dir, "model.onnx");
  if (!existsSync(onnxFile)) throw invalid(dir, "it has no model.onnx");
  const sha256 = await sha256OfFile(onnxFile);
  if (sha256 !== manifest.sha256) {
    throw invalid(
      dir,
      `model.onnx is not the file that the manifest describes: SHA-256 ${sha256}, not ${manifest.sha256}`,
    );
  }
  return { dir, manifest, onnxFile };
}

async function readManifest(file: string): Promise<Manifest> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw new VigilError("model-invalid", `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
  const parsed = manifestSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join(".") || "top level"}: ${issue.message}`);
  throw new VigilError("model-invalid", `${file}: ${problems.join("; ")}`);
}

function invalid(dir: string, why: string): VigilError {
  return new VigilError("model-invalid", `the model package ${dir} cannot be used: ${why}`);
}

async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

async function subfolders(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

/** By numbers, not by letters: 0.10.0 > 0.9.0; a pre-release (1.0.0-rc1) comes before its release. */
function compareVersions(a: string, b: string): number {
  const [[coreA, preA], [coreB, preB]] = [a, b].map((version) => version.split(/-(.*)/)) as [string[], string[]];
  const numeric = (x = "", y = "") => x.localeCompare(y, "en", { numeric: true });
  return numeric(coreA, coreB) || Number(preA === undefined) - Number(preB === undefined) || numeric(preA, preB);
}

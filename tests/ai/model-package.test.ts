import assert from "node:assert/strict";
import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { findModel, listModels, loadModel } from "../../src/ai/model-package.ts";
import { modelRoots } from "../../src/installation.ts";
import { writeTinyPackage } from "../support/model-package.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const invalid = (message: RegExp) => ({ code: "model-invalid", message });

function changeManifest(dir: string, change: (manifest: Record<string, unknown>) => void): void {
  const file = path.join(dir, "manifest.json");
  const manifest: Record<string, unknown> = JSON.parse(readFileSync(file, "utf8"));
  change(manifest);
  writeFileSync(file, JSON.stringify(manifest));
}

test("the default model is there, complete and unchanged", async () => {
  const { manifest } = await findModel("ich-lite", modelRoots(temporaryFolder()));
  assert.equal(manifest.version, "0.2.1");
  // The operating points of its model card: study scores 1.1 and .376 as probabilities.
  const [slope, intercept] = manifest.calibration.study.any;
  const probability = (score: number) => 1 / (1 + Math.exp(-(slope * score + intercept)));
  assert.ok(Math.abs(manifest.operatingPoints.any.threshold - probability(1.1)) < 1e-4);
  assert.ok(Math.abs(manifest.operatingPoints.any.undetermined[0] - probability(0.376)) < 1e-4);
});

test("without a version the highest counts, by number", async () => {
  const root = temporaryFolder();
  for (const version of ["0.9.0", "0.10.0", "0.10.0-rc1", "0.2.0"]) writeTinyPackage(root, { version });
  assert.equal((await findModel("tiny", [root])).manifest.version, "0.10.0");
  assert.equal((await findModel("tiny@0.9.0", [root])).manifest.version, "0.9.0");
  assert.equal((await listModels([root])).length, 4);
});

test("of the same version in two roots the first root's counts", async () => {
  const [own, shipped] = [temporaryFolder(), temporaryFolder()];
  const dir = writeTinyPackage(own);
  writeTinyPackage(shipped);
  assert.equal((await findModel("tiny", [own, shipped])).dir, dir);
});

test("an unknown model is named with those that are known", async () => {
  const root = temporaryFolder();
  writeTinyPackage(root);
  const unknown = { code: "model-not-found", message: /no model tiny@2\.0\.0; known: tiny@1\.0\.0/ };
  await assert.rejects(findModel("tiny@2.0.0", [root]), unknown);
  await assert.rejects(findModel("x", ["/no/such/folder"]), { code: "model-not-found", message: /known: none/ });
});

test("a model file that was changed is refused", async () => {
  const dir = writeTinyPackage(temporaryFolder());
  appendFileSync(path.join(dir, "model.onnx"), "x");
  await assert.rejects(loadModel(dir), invalid(/SHA-256/));
  rmSync(path.join(dir, "model.onnx"));
  await assert.rejects(loadModel(dir), invalid(/no model\.onnx/));
});

test("a manifest that is wrong is refused with what is wrong", async () => {
  const dir = writeTinyPackage(temporaryFolder());
  changeManifest(dir, (manifest) => {
    manifest.labels = ["any"];
    manifest.colour = "red";
  });
  await assert.rejects(loadModel(dir), invalid(/labels: must be exactly epidural, .*colour/));
  writeFileSync(path.join(dir, "manifest.json"), "{");
  await assert.rejects(loadModel(dir), invalid(/manifest\.json cannot be read/));
});

test("a package in the folder of another version is refused", async () => {
  const dir = writeTinyPackage(temporaryFolder());
  const moved = path.join(path.dirname(dir), "2.0.0");
  renameSync(dir, moved);
  await assert.rejects(loadModel(moved), invalid(/says tiny 1\.0\.0, its folder tiny 2\.0\.0/));
});

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { OHIF_DIR } from "../../src/installation.ts";
import { installOhif } from "../../src/setup/ohif.ts";

const dir = mkdtempSync(path.join(os.tmpdir(), "vigil-ohif-test-"));
after(() => rmSync(dir, { recursive: true, force: true }));

test("an installed viewer is left as it is, without a word", async () => {
  await installOhif(OHIF_DIR, () => {});
  const said: string[] = [];
  await installOhif(OHIF_DIR, (line) => said.push(line));
  assert.deepEqual(said, []);
  const files = readdirSync(OHIF_DIR);
  for (const file of ["index.html", "LICENSE"]) assert.ok(files.includes(file), file);
  assert.ok(files.some((file) => /^app\.bundle\..*\.js\.gz$/.test(file)));
});

test("a folder that holds something else is left alone", async () => {
  const precious = path.join(dir, "precious");
  mkdirSync(precious);
  writeFileSync(path.join(precious, "thesis.txt"), "");
  await assert.rejects(
    installOhif(precious, () => {}),
    { code: "setup-failed", message: /holds something else/ },
  );
  assert.deepEqual(readdirSync(precious), ["thesis.txt"]);
});

test("a package with other content than the pinned one is refused and leaves nothing behind", async () => {
  const npm = path.join(dir, "npm-cli.js");
  writeFileSync(npm, `require("fs").writeFileSync(process.argv[5] + "/ohif-app.tgz", "not the viewer");`);
  const npmBefore = process.env.npm_execpath;
  process.env.npm_execpath = npm;
  const dataDir = path.join(dir, "data");
  try {
    await assert.rejects(
      installOhif(path.join(dataDir, "ohif"), () => {}),
      (error: { code?: string; message?: string }) =>
        error.code === "setup-failed" && error.message?.includes("not what it should be") === true,
    );
  } finally {
    if (npmBefore === undefined) delete process.env.npm_execpath;
    else process.env.npm_execpath = npmBefore;
  }
  assert.deepEqual(readdirSync(dataDir), []);
});

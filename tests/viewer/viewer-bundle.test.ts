import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import type { Metafile } from "esbuild";
import { buildExtension } from "../../ohif-extension/build.ts";

const dir = mkdtempSync(path.join(tmpdir(), "vigil-bundle-"));
const MAX_BYTES = 95_000;

let metafile: Metafile;

before(async () => {
  metafile = await buildExtension(dir);
});

test("the bundles hold the extension, the contract, and nothing else: no zod, no code of the service", () => {
  const inputs = Object.keys(metafile.inputs);
  assert.ok(inputs.some((file) => file.endsWith("src/contract/words.ts")));
  // The files that the bundler read; what it dropped as unused would still show that something imports it.
  const foreign = inputs.filter((file) => !/(^|\/)(ohif-extension\/src|src\/contract)\//.test(file));
  assert.deepEqual(foreign, []);
});

after(() => rmSync(dir, { recursive: true, force: true }));

for (const name of ["extension", "mode"]) {
  test(`the ${name} bundle is small and does not know zod`, (t) => {
    const code = readFileSync(path.join(dir, `${name}.js`), "utf8");
    const bytes = Buffer.byteLength(code);
    t.diagnostic(`${name}.js: ${bytes} bytes`);
    assert.ok(bytes < MAX_BYTES, `${bytes} bytes`);
    assert.doesNotMatch(code, /zod/i);
  });
}

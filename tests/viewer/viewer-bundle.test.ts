import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import type { Metafile } from "esbuild";
import { buildExtension } from "../../ohif-extension/build.ts";

const dir = mkdtempSync(path.join(tmpdir(), "vigil-bundle-"));
/** Each with the chunks that it cannot do without. */
const MAX_BYTES = { extension: 80_000, mode: 12_000 };

let outputs: Map<string, Metafile["outputs"][string]>;
let inputs: string[];

before(async () => {
  const metafile = await buildExtension(dir);
  outputs = new Map(Object.entries(metafile.outputs).map(([file, output]) => [path.basename(file), output]));
  inputs = Object.keys(metafile.inputs);
});

after(() => rmSync(dir, { recursive: true, force: true }));

/** The file, and what the browser loads with it at once. */
function loadedWith(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const { path: file, kind } of outputs.get(name)!.imports) {
    if (kind === "import-statement") loadedWith(path.basename(file), found);
  }
  return found;
}

test("the bundles hold the extension, the contract, and nothing else: no zod, no code of the service", () => {
  assert.ok(inputs.some((file) => file.endsWith("src/contract/words.ts")));
  // The files that the bundler read; what it dropped as unused would still show that something imports it.
  const foreign = inputs.filter((file) => !/(^|\/)(ohif-extension\/src|src\/contract)\//.test(file));
  assert.deepEqual(foreign, []);
  for (const name of readdirSync(dir).filter((file) => file.endsWith(".js"))) {
    assert.doesNotMatch(readFileSync(path.join(dir, name), "utf8"), /zod/i, name);
  }
});

for (const [name, maxBytes] of Object.entries(MAX_BYTES)) {
  test(`what is loaded for the ${name} is small`, (t) => {
    const files = [...loadedWith(`${name}.js`)];
    const bytes = files.reduce((sum, file) => sum + outputs.get(file)!.bytes, 0);
    t.diagnostic(`${files.join(" + ")}: ${bytes} bytes`);
    assert.ok(bytes < maxBytes, `${bytes} bytes`);
  });
}

test("German is loaded only by those who read it", () => {
  const german = [...outputs].filter(([, { inputs: files }]) =>
    Object.keys(files).some((file) => file.includes("/german/")),
  );
  assert.equal(german.length, 1);
  assert.ok(!loadedWith("extension.js").has(german[0]![0]));
});

test("a build leaves nothing of the one before it", async () => {
  writeFileSync(path.join(dir, "chunk-OLD.js"), "");
  await buildExtension(dir);
  const expected = [...outputs.keys()].flatMap((name) => [name, `${name}.gz`]);
  assert.deepEqual(readdirSync(dir).sort(), expected.sort());
});

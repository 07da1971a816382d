import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import vm from "node:vm";
import express from "express";
import request from "supertest";
import { EXTENSION_DIST_DIR, OHIF_DIR } from "../../src/installation.ts";
import { createLogger } from "../../src/log.ts";
import { inlineScriptHashes } from "../../src/server/inline-scripts.ts";
import { problemHandler } from "../../src/server/problem.ts";
import { viewer } from "../../src/server/viewer.ts";
import { VIEWER_CONFIG_SCRIPT } from "../../src/server/viewer-config.ts";

const serve = (ohif: string) =>
  express()
    .disable("etag")
    .use(viewer({ ohif, extension: EXTENSION_DIST_DIR }), problemHandler(createLogger("silent")));

describe("The viewer", () => {
  const dir = OHIF_DIR;
  const app = serve(dir);
  const bundle = readdirSync(dir).find((name) => /^app\.bundle\..*\.js$/.test(name))!;

  test("is OHIF's page at every path that is not a file's", async () => {
    for (const place of ["/", "/vigil?StudyInstanceUIDs=1.2.3", "/vigil/pacs?StudyInstanceUIDs=1.2", "/viewer"]) {
      const { status, type, text, headers } = await request(app).get(place);
      assert.equal(status, 200, place);
      assert.equal(type, "text/html");
      assert.match(text, /OHIF Viewer/);
      assert.equal(headers["cache-control"], "no-cache");
    }
    assert.equal((await request(app).head("/")).status, 200);
  });

  test("comes compressed where the browser takes it, and says that this depends on the browser", async () => {
    const compressed = await request(app).get(`/${bundle}`).set("accept-encoding", "gzip, br");
    assert.equal(compressed.headers["content-encoding"], "gzip");
    assert.equal(compressed.type, "text/javascript");
    assert.match(compressed.headers.vary ?? "", /accept-encoding/i);
    const plain = await request(app).get(`/${bundle}`).set("accept-encoding", "identity");
    assert.equal(plain.headers["content-encoding"], undefined);
    assert.equal(plain.text, compressed.text);
    assert.ok(Number(plain.headers["content-length"]) > 2 * Number(compressed.headers["content-length"]));
    const wasm = readdirSync(dir).find((name) => name.endsWith(".wasm"));
    assert.equal((await request(app).get(`/${wasm}`)).type, "application/wasm");
  });

  test("is kept by the browser for good where the name changes with the content, and checked again elsewhere", async () => {
    const hashed = await request(app).get(`/${bundle}`);
    assert.match(hashed.headers["cache-control"] ?? "", /immutable/);
    const page = await request(app).get("/");
    const again = await request(app)
      .get("/")
      .set("if-none-match", page.headers.etag ?? "");
    assert.equal(again.status, 304);
  });

  test("answers 404 for a file that does not exist, and gives nothing from outside its folder", async () => {
    for (const place of ["/missing.js", "/vigil/missing.js", "/..%2f..%2fpackage.json", "/.installed.txt"]) {
      const { status, type, body } = await request(app).get(place);
      assert.equal(status, 404, place);
      assert.equal(type, "application/problem+json");
      assert.equal(body.code, "not-found");
    }
  });

  test("may run the scripts that stand in its page, and no others", async () => {
    const { headers, text } = await request(app).get("/");
    const policy = headers["content-security-policy"] ?? "";
    const scripts = [...text.matchAll(/<script>([^<]*)<\/script>/g)].map(([, script]) => script!);
    assert.equal(scripts.length, 2);
    for (const script of scripts) {
      assert.ok(policy.includes(`'sha256-${createHash("sha256").update(script).digest("base64")}'`), script);
    }
    assert.doesNotMatch(policy.match(/script-src [^;]*/)?.[0] ?? "", /unsafe-inline|unsafe-eval(?<!wasm-unsafe-eval)/);
    assert.deepEqual(inlineScriptHashes('<SCRIPT src="/a.js"></SCRIPT><script async src=/b.js></script>'), []);
  });

  test("gets our extension and mode", async () => {
    for (const file of ["extension", "mode"]) {
      const { status, type, headers } = await request(app).get(`/vigil/${file}.js`);
      assert.equal(status, 200);
      assert.equal(type, "text/javascript");
      assert.equal(headers["cache-control"], "no-cache");
      assert.equal(headers["content-encoding"], "gzip");
    }
  });

  test("reads the PACS through Vigil, and opens without our part if that cannot be loaded", async () => {
    const { type, text } = await request(app).get("/app-config.js");
    assert.equal(type, "text/javascript");
    assert.equal(text, VIEWER_CONFIG_SCRIPT);
    const window: { config?: () => Promise<{ extensions: unknown[]; dataSources: { configuration: object }[] }> } = {};
    const said: unknown[] = [];
    // Without an import callback, import() fails in there: just what is to be survived.
    vm.runInNewContext(text, { window, console: { error: (...parts: unknown[]) => said.push(...parts) } });
    const config = await window.config!();
    assert.deepEqual([...config.extensions], []);
    assert.ok(said.includes("/vigil/extension.js"));
    const { qidoRoot, wadoRoot } = config.dataSources[0]!.configuration as Record<string, string>;
    assert.deepEqual([qidoRoot, wadoRoot], ["/pacs", "/pacs"]);
  });
});

describe("Where the viewer is not installed", () => {
  const dir = path.join(mkdtempSync(path.join(tmpdir(), "vigil-no-viewer-")), "ohif");
  before(() => mkdirSync(dir));
  after(() => rmSync(path.dirname(dir), { recursive: true }));

  test("a page says how to install it", async () => {
    const { status, type, text } = await request(serve(dir)).get("/");
    assert.equal(status, 503);
    assert.equal(type, "text/html");
    assert.match(text, /npm run setup/);
  });
});

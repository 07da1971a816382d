import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { loadConfig } from "../src/config.ts";
import { VigilError } from "../src/errors.ts";

const dir = mkdtempSync(path.join(os.tmpdir(), "vigil-config-"));
after(() => rmSync(dir, { recursive: true }));

function withFile(yaml: string): string {
  const file = path.join(dir, "vigil.yaml");
  writeFileSync(file, yaml);
  return file;
}

function messageOf(load: () => unknown): string {
  try {
    load();
  } catch (error) {
    assert.ok(error instanceof VigilError);
    assert.equal(error.code, "config-invalid");
    return error.message;
  }
  return assert.fail("it should have been refused");
}

describe("The configuration", () => {
  it("has a default for everything but the PACS", () => {
    const config = loadConfig({}, {}, os.tmpdir());
    assert.deepEqual(config.pacs, []);
    assert.equal(config.server.host, "127.0.0.1");
    assert.equal(config.server.port, 8077);
    assert.equal(config.model, "ich-lite");
  });

  it("lets a flag win over the environment, and the environment over the file", () => {
    const config = withFile("server: { port: 1, host: file.example }\nmodel: from-file\n");
    const loaded = loadConfig({ config, port: "3" }, { VIGIL_PORT: "2", VIGIL_HOST: "env.example" });
    assert.equal(loaded.server.port, 3);
    assert.equal(loaded.server.host, "env.example");
    assert.equal(loaded.model, "from-file");
  });

  it("reads vigil.yaml from the working directory", () => {
    withFile("model: here");
    assert.equal(loadConfig({}, {}, dir).model, "here");
  });

  it("keeps the other settings of a PACS when the environment gives its address", () => {
    const config = withFile("pacs: [{ dicomweb: http://a/dicom-web, username: vigil }]");
    const [pacs] = loadConfig({ config }, { VIGIL_PACS: "http://b/dicom-web/" }).pacs;
    assert.equal(pacs?.dicomweb, "http://b/dicom-web");
    assert.equal(pacs?.username, "vigil");
  });

  it("names an unknown key", () => {
    const config = withFile("server: { prot: 80 }");
    assert.match(
      messageOf(() => loadConfig({ config }, {})),
      /server: unknown key prot .*vigil\.yaml/,
    );
  });

  it("names a bad value and where it came from", () => {
    assert.match(
      messageOf(() => loadConfig({ port: "many" }, {}, os.tmpdir())),
      /server\.port.*--port/,
    );
    assert.match(
      messageOf(() => loadConfig({}, { VIGIL_PACS: "not a url" }, os.tmpdir())),
      /pacs\.0\.dicomweb.*VIGIL_PACS/,
    );
  });

  it("refuses a file that is missing, is not YAML, or holds no settings", () => {
    assert.match(
      messageOf(() => loadConfig({ config: path.join(dir, "none.yaml") }, {})),
      /no configuration file/,
    );
    assert.match(
      messageOf(() => loadConfig({ config: withFile("a: [") }, {})),
      /not YAML/,
    );
    assert.match(
      messageOf(() => loadConfig({ config: withFile("- 1") }, {})),
      /must hold settings/,
    );
  });
});

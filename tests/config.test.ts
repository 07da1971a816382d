import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import { z } from "zod";
import { configSchema, loadConfig } from "../src/config.ts";
import { VigilError } from "../src/errors.ts";
import { PROJECT_DIR } from "../src/installation.ts";

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

/** What of JSON Schema our settings use. */
const settingSchema = z.object({
  get properties() {
    return z.record(z.string(), settingSchema).optional();
  },
  get items() {
    return z.union([settingSchema, z.boolean()]).optional();
  },
  default: z.unknown().optional(),
});

function settingsOf(
  { properties, items, default: value }: z.infer<typeof settingSchema>,
  name: string,
): { name: string; value: unknown }[] {
  if (typeof items === "object" && items.properties !== undefined) return settingsOf(items, `${name}[]`);
  if (properties === undefined) return [{ name, value }];
  const prefix = name === "" ? "" : `${name}.`;
  return Object.entries(properties).flatMap(([key, schema]) => settingsOf(schema, `${prefix}${key}`));
}

describe("The configuration", () => {
  test("has a default for everything but the PACS", () => {
    const config = loadConfig({}, {}, os.tmpdir());
    assert.deepEqual(config.pacs, []);
    assert.equal(config.server.host, "127.0.0.1");
    assert.equal(config.server.port, 8077);
    assert.equal(config.model, "ich-lite");
  });

  test("lets a flag win over the environment, and the environment over the file", () => {
    const config = withFile("server: { port: 1, host: file.example }\nmodel: from-file\n");
    const loaded = loadConfig({ config, port: "3" }, { VIGIL_PORT: "2", VIGIL_HOST: "env.example" });
    assert.equal(loaded.server.port, 3);
    assert.equal(loaded.server.host, "env.example");
    assert.equal(loaded.model, "from-file");
  });

  test("reads vigil.yaml from the working directory", () => {
    withFile("model: here");
    assert.equal(loadConfig({}, {}, dir).model, "here");
  });

  test("keeps the other settings of a PACS when the environment gives its address", () => {
    const config = withFile("pacs: [{ dicomweb: http://a/dicom-web, username: vigil }]");
    const [pacs] = loadConfig({ config }, { VIGIL_PACS: "http://b/dicom-web/" }).pacs;
    assert.equal(pacs?.dicomweb, "http://b/dicom-web");
    assert.equal(pacs?.username, "vigil");
  });

  test("names an unknown key", () => {
    const config = withFile("server: { prot: 80 }");
    assert.match(
      messageOf(() => loadConfig({ config }, {})),
      /server: unknown key prot .*vigil\.yaml/,
    );
  });

  test("names a bad value and where it came from", () => {
    assert.match(
      messageOf(() => loadConfig({ port: "many" }, {}, os.tmpdir())),
      /server\.port.*--port/,
    );
    assert.match(
      messageOf(() => loadConfig({}, { VIGIL_PACS: "not a url" }, os.tmpdir())),
      /pacs\.0\.dicomweb.*VIGIL_PACS/,
    );
  });

  test("says where a file is no YAML and repeats nothing of it", () => {
    for (const [yaml, place] of [
      ["pacs:\n  - password: 'geheim\n", "line 3, column 1"],
      ["pacs: [{ password: *geheim }]", "aliases"],
      ["pacs: [{ password: !geheim x }]", "line 1"],
      ["pacs: [{ password: @geheim }]", "line 1"],
      ['pacs: [{ password: "\\geheim" }]', "line 1"],
      ["pacs:\n  - password: geheim: more\n", "line 2"],
      ["geheim: 1\ngeheim: 2\n", "line 2"],
      ["a: [", "line 1"],
    ] as const) {
      const said = messageOf(() => loadConfig({ config: withFile(yaml) }, {}));
      assert.ok(said.includes(place), said);
      assert.doesNotMatch(said, /geheim/);
    }
  });

  test("repeats no value, and no key that may be one", () => {
    for (const yaml of [
      "pacs: [{ dicomweb: 'geheim' }]",
      "pacs: [{ dicomweb: 'http://a', timeoutS: geheim }]",
      "pacs: [{ dicomweb: 'http://a', headers: geheim }]",
      "pacs: [{ dicomweb: 'http://a', password:geheim! }]",
      "pacs: geheim",
      "server: { hookSecret: geheim }",
      "server: { publicUrl: 'https://geheim@a/' }",
      "model: 'geheim '",
      "log: { level: geheim }",
    ]) {
      assert.doesNotMatch(
        messageOf(() => loadConfig({ config: withFile(yaml) }, {})),
        /geheim/,
        yaml,
      );
    }
    assert.doesNotMatch(
      messageOf(() => loadConfig({ port: "geheim" }, { VIGIL_ALLOW_OPEN: "geheim" }, os.tmpdir())),
      /geheim/,
    );
  });

  test("takes credentials out of the address of a PACS, where they would be shown", () => {
    const config = withFile("pacs: [{ dicomweb: 'http://file:x@a/rs', orthanc: 'http://vigil:p%40ss%zz@a:8042' }]");
    const [pacs] = loadConfig({ config }, { VIGIL_PACS: "http://vigil:geheim%21@b/dicom-web/" }).pacs;
    assert.deepEqual(
      [pacs?.dicomweb, pacs?.orthanc, pacs?.username, pacs?.password],
      ["http://b/dicom-web", "http://a:8042", "vigil", "geheim!"],
    );
    const [orthancOnly] = loadConfig({ config }, { VIGIL_PACS: "http://b" }).pacs;
    assert.deepEqual([orthancOnly?.username, orthancOnly?.password], ["vigil", "p%40ss%zz"]);
  });

  test("knows under which address browsers call it, and whether everyone is let in", () => {
    const env = { VIGIL_PUBLIC_URL: "https://Vigil.example/", VIGIL_ALLOW_OPEN: "true" };
    const { server } = loadConfig({}, env, os.tmpdir());
    assert.deepEqual([server.publicUrl, server.allowOpen], ["https://vigil.example", true]);
    assert.equal(loadConfig({}, { VIGIL_ALLOW_OPEN: "0" }, os.tmpdir()).server.allowOpen, false);
    for (const publicUrl of ["vigil.example", "https://vigil.example/path", "ftp://vigil.example"]) {
      assert.match(
        messageOf(() => loadConfig({}, { VIGIL_PUBLIC_URL: publicUrl }, os.tmpdir())),
        /server\.publicUrl.*VIGIL_PUBLIC_URL/,
      );
    }
  });

  test("refuses a file that is missing, is not YAML, or holds no settings", () => {
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

  test("stands in docs/operations.md, each setting in a row with its default", () => {
    const operations = readFileSync(path.join(PROJECT_DIR, "docs", "operations.md"), "utf8");
    const rows = new Map(
      [...operations.matchAll(/^\| `([^`]+)` \|[^|]*\|[^|]*\| (?:`([^`]*)` )?\|/gm)].map(([, name, value]) => [
        name,
        value,
      ]),
    );
    const schema = settingSchema.parse(z.toJSONSchema(configSchema, { io: "input" }));
    const expected = settingsOf(schema, "").map(({ name, value }): [string, string | undefined] => [
      name,
      typeof value === "object" ? JSON.stringify(value) : value === undefined ? undefined : String(value),
    ]);
    assert.deepEqual(rows, new Map(expected));
  });
});

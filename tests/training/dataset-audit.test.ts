import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, suite, test } from "node:test";
import { perLabel } from "../../src/contract/labels.ts";
import { DatasetWriter } from "../../src/training/dataset/dataset-writer.ts";
import { LABEL_COLUMNS, labelLine } from "../../src/training/dataset/label-row.ts";
import { dicomFile, pathIn } from "../../src/training/dataset/layout.ts";
import { recordsOfObject } from "../../src/training/dataset/records-of-object.ts";
import { deidentificationBy } from "../../src/training/export/audit.ts";
import { type AuditFinding, auditDataset } from "../../src/training/export/deidentify/audit-dataset.ts";
import { deidentify } from "../../src/training/export/deidentify/deidentify.ts";
import { Pseudonyms } from "../../src/training/export/deidentify/pseudonyms.ts";
import { runEntry } from "../support/command.ts";
import { plantedImage, raw, withElements } from "../support/planted-objects.ts";
import { PEOPLE } from "../support/planted-people.ts";
import { headStudy } from "../support/studies.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const KEY = "5c".repeat(32);
const pseudonyms = Pseudonyms.ofKeyText(KEY, "key");

interface Exported {
  original: Uint8Array;
  bytes: Uint8Array;
  file: string;
}

let images: Exported[];
let dir: string;

before(() => {
  images = PEOPLE.slice(0, 3).flatMap((person, i) =>
    headStudy(`audit ${i}`)
      .instances.slice(0, 2)
      .map(({ bytes }) => {
        const original = plantedImage(bytes, person, { study: "20240105", series: "20240105" }).bytes;
        const result = deidentify(original, pseudonyms);
        assert.ok("bytes" in result);
        const { patient, study, series, sop } = recordsOfObject(result.bytes, "object", "")[0]!;
        return { original, bytes: result.bytes, file: dicomFile(patient, study, series, sop) };
      }),
  );
});

/** Makes the data set in a new folder. */
async function exported(): Promise<void> {
  dir = temporaryFolder();
  const description = { name: "audit", role: "researcher", source: { kind: "pacs" as const } };
  const writer = await DatasetWriter.begin(dir, { ...description, deidentification: deidentificationBy(pseudonyms) });
  for (const pair of [images.slice(0, 2), images.slice(2, 4), images.slice(4)]) {
    for (const { file, bytes } of pair) {
      mkdirSync(path.dirname(pathIn(dir, file)), { recursive: true });
      writeFileSync(pathIn(dir, file), bytes);
    }
    await writer.addStudy(pair.flatMap(({ bytes, file }) => recordsOfObject(bytes, file, file)));
  }
  await writer.finish();
}

async function findings(): Promise<AuditFinding[]> {
  const found: AuditFinding[] = [];
  for await (const finding of auditDataset(dir, () => undefined)) found.push(finding);
  return found;
}

const changed = (tag: string, vr: string, value: string) =>
  writeFileSync(pathIn(dir, images[0]!.file), withElements(images[0]!.bytes, [raw(tag, vr, value)]));

suite("the audit of a de-identified data set", () => {
  test("finds nothing in one that is as it was exported, and its command says so", async () => {
    await exported();
    assert.deepEqual(await findings(), []);
    const { code, stdout, stderr } = await runEntry("src/cli.ts", ["dataset", "audit", dir, "--json"]);
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), { dataset: dir, images: 6, findings: [], count: 0, source: null });
  });

  const changes: [string, string, string, string][] = [
    ["a name of a patient", "x00100010", "PN", "Smith^John"],
    ["a name in a description", "x0008103e", "LO", "Head 5.0 Quentin"],
    ["a telephone in a comment", "x00204000", "LT", "call 0221 4710 1112"],
    ["a date of birth", "x00100030", "DA", "19610412"],
    ["a private element", "x00091001", "LO", "x"],
    ["a UID of the scanner", "x00200052", "UI", "1.2.840.113619.2.55.3"],
    ["an overlay", "x60003000", "OW", "text"],
    ["an accession number", "x00080050", "SH", "ACC48213377"],
    ["an age over 89", "x00101010", "AS", "095Y"],
    ["burned-in text", "x00280301", "CS", "YES"],
    ["a missing mark", "x00120062", "CS", "NO"],
    ["text where numbers belong", "x00189305", "FD", "SmithJon"],
  ];
  for (const [what, tag, vr, value] of changes)
    test(`finds ${what}, and does not repeat it`, async () => {
      await exported();
      changed(tag, vr, value);
      const found = await findings();
      assert.ok(found.some(({ file }) => file === images[0]!.file));
      assert.ok(!JSON.stringify(found).includes(value) || value.length < 5);
    });

  test("finds the original in the place of an image, and bytes behind its end", async () => {
    await exported();
    writeFileSync(pathIn(dir, images[0]!.file), images[0]!.original);
    writeFileSync(pathIn(dir, images[2]!.file), Buffer.concat([images[2]!.bytes, Buffer.from("Smith")]));
    const files = new Set((await findings()).map(({ file }) => file));
    assert.deepEqual([...files].sort(), [images[0]!.file, images[2]!.file].sort());
  });

  test("finds an image that is missing, and files that are no part of the data set, by place only", async () => {
    await exported();
    rmSync(pathIn(dir, images[0]!.file));
    writeFileSync(path.join(dir, "Smith John.docx"), "");
    writeFileSync(path.join(dir, "dicom", "Smith.dcm"), "");
    const found = await findings();
    assert.equal(found.length, 3);
    assert.ok(!JSON.stringify(found).includes("Smith"));
  });

  test("finds a record that says something else than its image, and a study of two patients", async () => {
    await exported();
    const file = path.join(dir, "instances.jsonl");
    const lines = readFileSync(file, "utf8").trim().split("\n");
    const record = JSON.parse(lines.at(-1)!);
    writeFileSync(file, `${[...lines, JSON.stringify({ ...record, patient: "VIGIL-AAAAAAAAAAAAAAAA" })].join("\n")}\n`);
    const found = await findings();
    assert.ok(found.some(({ what }) => what.includes("belongs to two patients")));
    assert.ok(found.some(({ what }) => what.includes("says something else of it")));
  });

  test("finds readers with names and UIDs of the PACS in the tables", async () => {
    await exported();
    const row = { study: "", sop: "1.2.840.113619.2.55.3.1", labels: perLabel(() => 1 as const), source: "feedback" };
    writeFileSync(
      path.join(dir, "labels.csv"),
      `${LABEL_COLUMNS.join(",")}\n${labelLine({ ...row, reader: "Dr. John Smith", at: "" })}`,
    );
    appendFileSync(path.join(dir, "export.jsonl"), '{"study":"1.2.840.113619.2.55.3.1"}\n');
    const whats = (await findings()).map(({ file, what }) => `${file}: ${what}`);
    assert.ok(whats.some((what) => /^labels.csv: .*looks like a name/.test(what)));
    assert.ok(whats.some((what) => /^labels.csv: line 2 holds a UID/.test(what)));
    assert.ok(whats.some((what) => /^export.jsonl: line 1 holds a UID/.test(what)));
  });

  test("proves with key and originals that each file is what the key makes of them, and refuses another key", async () => {
    await exported();
    const source = temporaryFolder();
    for (const [i, { original }] of images.entries()) writeFileSync(path.join(source, `${i}.dcm`), original);
    const keyFile = path.join(temporaryFolder(), "key");
    writeFileSync(keyFile, KEY);
    const run = () => runEntry("src/cli.ts", ["dataset", "audit", dir, "--key", keyFile, "--source", source, "--json"]);
    const good = await run();
    assert.equal(good.code, 0, good.stderr);
    assert.deepEqual(JSON.parse(good.stdout).source, { same: 6, notInDataset: 0 });

    changed("x00080020", "DA", "20200101");
    const bad = await run();
    assert.equal(bad.code, 1);
    assert.ok(JSON.parse(bad.stdout).findings.some(({ what }: AuditFinding) => /what the key makes/.test(what)));

    writeFileSync(keyFile, "6d".repeat(32));
    const refused = await run();
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /not the key/);
    assert.ok(!refused.stderr.includes("6d6d"));
  });
});

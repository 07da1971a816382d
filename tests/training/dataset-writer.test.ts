import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { Dataset } from "../../src/training/dataset/dataset.ts";
import { DatasetWriter } from "../../src/training/dataset/dataset-writer.ts";
import type { InstanceRecord } from "../../src/training/dataset/instance-record.ts";
import { safeName } from "../../src/training/dataset/layout.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const DESCRIPTION = { name: "test", role: "researcher", source: { kind: "pacs" as const }, deidentification: null };

function record(patient: string, study: string, sop: string, z: number): InstanceRecord {
  return {
    ...{
      patient,
      study,
      series: `${study}.1`,
      sop,
      frame: null,
      file: `dicom/${sop}.dcm`,
      z,
      pixelHash: "0".repeat(64),
    },
    ...{ rows: 512, columns: 512, spacing: [0.5, 0.5], thickness: 5, window: [[40, 80]], mask: null, problem: null },
    ...{ rescale: { slope: 1, intercept: -1024 }, position: null, orientation: null, samplesPerPixel: 1 },
    ...{ photometric: "MONOCHROME2", bitsAllocated: 16, bitsStored: 12, highBit: 11, pixelRepresentation: 0 },
    ...{ transferSyntax: "1.2.840.10008.1.2.1", modality: "CT", manufacturer: "", scanner: "", kernel: "", kvp: 120 },
    ...{ studyDate: "", sex: "", age: "" },
  };
}

const studies = ["b", "a", "c"].map((id) => [
  record(id, `${id}.1`, `${id}.1.2`, 10),
  record(id, `${id}.1`, `${id}.1.1`, 5),
]);

test("a data set that was interrupted after a study is the same as one written at once", async () => {
  const [whole, resumed] = [temporaryFolder(), temporaryFolder()];
  const once = await DatasetWriter.begin(whole, DESCRIPTION);
  for (const study of studies) await once.addStudy(study);
  await once.finish();

  for (const study of studies) {
    const writer = await DatasetWriter.begin(resumed, DESCRIPTION);
    await assert.rejects(Dataset.open(resumed), { code: "not-found" });
    await writer.addStudy(study);
  }
  const last = await DatasetWriter.begin(resumed, DESCRIPTION);
  assert.ok(last.has("b", "b.1"));
  const sealed = await last.finish();

  const text = (dir: string) => readFileSync(path.join(dir, "instances.jsonl"), "utf8");
  assert.equal(text(resumed), text(whole));
  assert.deepEqual(sealed.counts, { patients: 3, studies: 3, series: 3, instances: 6 });
  assert.equal(sealed.contentHash, (await Dataset.open(whole)).manifest.contentHash);
});

test("a study that is added again takes the place of what it was", async () => {
  const dir = temporaryFolder();
  for (const study of [...studies, [record("a", "a.1", "a.1.9", 1)]]) {
    const writer = await DatasetWriter.begin(dir, DESCRIPTION);
    await writer.addStudy(study);
    await writer.finish();
  }
  const dataset = await Dataset.open(dir);
  const found: string[] = [];
  for await (const { sop } of dataset.instances()) found.push(sop);
  assert.deepEqual(found, ["a.1.9", "b.1.1", "b.1.2", "c.1.1", "c.1.2"]);
});

test("a study can be taken out again", async () => {
  const dir = temporaryFolder();
  const first = await DatasetWriter.begin(dir, DESCRIPTION);
  for (const study of studies) await first.addStudy(study);
  await first.finish();
  const second = await DatasetWriter.begin(dir, DESCRIPTION);
  await second.dropStudy("a", "a.1");
  assert.deepEqual((await second.finish()).counts, { patients: 2, studies: 2, series: 2, instances: 4 });
});

test("images with and without names, or from another source, never share a data set", async () => {
  const dir = temporaryFolder();
  const writer = await DatasetWriter.begin(dir, DESCRIPTION);
  await writer.addStudy(studies[0]!);
  await writer.finish();
  const deidentification = { edition: "PS3.15", profile: "basic", options: [], keyId: "k" };
  await assert.rejects(DatasetWriter.begin(dir, { ...DESCRIPTION, deidentification }), { code: "usage-invalid" });
  await assert.rejects(DatasetWriter.begin(dir, { ...DESCRIPTION, source: { kind: "rsna" } }), {
    code: "usage-invalid",
  });
});

test("a folder with anything else in it is not written to", async () => {
  const dir = temporaryFolder();
  writeFileSync(path.join(dir, "thesis.docx"), "");
  await assert.rejects(DatasetWriter.begin(dir, DESCRIPTION), /holds something else/);
  assert.deepEqual(readdirSync(dir), ["thesis.docx"]);
});

test("no id leads out of the folder, and no two ids share a name", () => {
  const ids = ["..", ".", "a/b", "a%2Fb", "a b", "", "Müller^Ä", "1.2.840", "ID_ff"];
  const names = ids.map(safeName);
  assert.equal(new Set(names).size, ids.length);
  for (const name of names) assert.match(name, /^[A-Za-z0-9_%-][A-Za-z0-9_.%-]*$/);
  assert.equal(safeName("1.2.840"), "1.2.840");
});

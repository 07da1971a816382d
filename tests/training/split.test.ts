import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { Label } from "../../src/contract/labels.ts";
import { Dataset } from "../../src/training/dataset/dataset.ts";
import type { InstanceRecord } from "../../src/training/dataset/instance-record.ts";
import { type SplitOutcome, splitDataset } from "../../src/training/split/split-dataset.ts";
import { datasetOfRecords, madeRecord } from "../support/objects-dataset.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const BY_PATIENT = { seed: 1, by: "patient" } as const;

const hashed = (text: string) => createHash("sha256").update(text).digest("hex");

/** Patients of 20 to 39 images each, of which some bleed; one scanner in four is another. */
function manyPatients(count: number, bleeding: (patient: number) => Label[]): [InstanceRecord[], Map<string, Label[]>] {
  const labels = new Map<string, Label[]>();
  const records = Array.from({ length: count }, (_, patient) =>
    Array.from({ length: 20 + ((patient * 7) % 20) }, (_, z) => {
      const record = madeRecord(`P${patient}`, z, {
        pixelHash: hashed(`${patient} ${z}`),
        scanner: patient % 4 === 0 ? "B" : "A",
      });
      if (z >= 5 && z < 8 + (patient % 9)) labels.set(record.sop, bleeding(patient));
      return record;
    }),
  ).flat();
  return [records, labels];
}

async function labelled(records: InstanceRecord[], labels: Map<string, Label[]>): Promise<Dataset> {
  return datasetOfRecords(temporaryFolder(), records, ({ sop }) =>
    Object.fromEntries((labels.get(sop) ?? []).map((label) => [label, 1])),
  );
}

const bleeding = (patient: number): Label[] =>
  (["epidural", "intraparenchymal", "subdural", "subarachnoid"] as const).filter((_, i) => patient % (4 + i) === 0);

async function foldsOf(dataset: Dataset): Promise<Map<string, number>> {
  const folds = new Map<string, number>();
  const { dir } = dataset;
  for await (const { patient, fold } of (await Dataset.open(dir)).split()) folds.set(patient, fold);
  return folds;
}

test("folds differ by less than 1.5 points in every label, by little in size, and no patient is in two", async () => {
  const dataset = await labelled(...manyPatients(120, bleeding));
  const { folds, leaks } = await splitDataset(dataset, { ...BY_PATIENT, folds: 5 });
  assert.deepEqual(leaks, []);
  assert.equal(
    folds.reduce((sum, { patients }) => sum + patients, 0),
    120,
  );
  for (const label of ["epidural", "intraparenchymal", "subdural", "subarachnoid", "any"] as const) {
    const shares = folds.map(({ positives, slices }) => (100 * positives[label]) / slices);
    assert.ok(Math.max(...shares) - Math.min(...shares) < 1.5, `${label}: ${shares}`);
  }
  const slices = folds.map((fold) => fold.slices);
  assert.ok(Math.max(...slices) < 1.1 * Math.min(...slices), `${slices}`);
  const other = [...(await foldsOf(dataset))].filter(([patient]) => Number(patient.slice(1)) % 4 === 0);
  const perFold = [0, 1, 2, 3, 4].map((fold) => other.filter(([, at]) => at === fold).length);
  assert.ok(Math.max(...perFold) - Math.min(...perFold) <= 3, `patients of the rarer scanner: ${perFold}`);
});

test("the same seed makes the same split, another seed another one", async () => {
  const dataset = await labelled(...manyPatients(40, bleeding));
  const split = async (seed: number) => {
    await splitDataset(dataset, { seed, by: "patient", folds: 4 });
    return foldsOf(dataset);
  };
  const first = await split(7);
  assert.deepEqual(await split(7), first);
  assert.notDeepEqual(await split(8), first);
});

test("a hold-out has a tenth of the images and every label on both sides", async () => {
  const dataset = await labelled(...manyPatients(120, bleeding));
  const { folds } = await splitDataset(dataset, { ...BY_PATIENT, validation: 0.1 });
  const share = folds[0]!.slices / (folds[0]!.slices + folds[1]!.slices);
  assert.ok(share > 0.08 && share < 0.12, `${share}`);
  for (const { positives } of folds) assert.ok(positives.subarachnoid > 0);
});

test("patients who are linked by a file, a study or an image stay together", async () => {
  const [records, labels] = manyPatients(60, bleeding);
  const changed = records.map((record) => {
    if (record.patient === "P20" && record.z === 9) return { ...record, pixelHash: hashed("10 9") };
    return record.patient === "P31" ? { ...record, study: "study of P30" } : record;
  });
  const links = path.join(temporaryFolder(), "links.csv");
  writeFileSync(links, "patient,patient\nP1,P2\nP2,P3\nP4,somebody else\n");
  const dataset = await labelled(changed, labels);
  for (const seed of [1, 2, 3]) {
    const { remarks, leaks } = await splitDataset(dataset, { seed, by: "patient", folds: 3, links });
    const folds = await foldsOf(dataset);
    for (const together of [
      ["P1", "P2", "P3"],
      ["P10", "P20"],
      ["P30", "P31"],
    ])
      assert.equal(new Set(together.map((patient) => folds.get(patient))).size, 1, together.join());
    assert.deepEqual(leaks, []);
    assert.match(
      remarks.join("\n"),
      /7 patients are linked .* 3 groups \(2 by .*links.csv, 1 by a study.*, 1 by identical/,
    );
    assert.match(remarks.join("\n"), /1 id of .*links.csv is no patient/);
  }
});

test("a label of fewer patients than folds is refused, with the number of folds that would do", async () => {
  const dataset = await labelled(...manyPatients(30, (patient) => (patient < 3 ? ["epidural"] : [])));
  const split = (request: object): Promise<SplitOutcome> => splitDataset(dataset, { ...BY_PATIENT, ...request });
  await assert.rejects(split({ folds: 5 }), {
    code: "split-unbalanced",
    message: /only 3 patients .* have epidural, too few for 5 folds: --folds 3 would do/,
  });
  await assert.rejects(dataset.split().next(), { code: "split-missing" });
  assert.equal((await split({ folds: 5, allowUnbalanced: true })).folds.length, 5);
  const usual = await split({});
  assert.equal(usual.folds.length, 3);
  assert.match(usual.remarks.join(), /3 folds: no more than 3 patients have epidural/);
});

test("studies without labels are counted and divided all the same", async () => {
  const [records, labels] = manyPatients(20, bleeding);
  const { dir } = await datasetOfRecords(temporaryFolder(), records);
  const { folds, remarks } = await splitDataset(await Dataset.open(dir), { ...BY_PATIENT, folds: 2 });
  assert.equal(folds[0]!.patients + folds[1]!.patients, 20);
  assert.match(remarks.join(), /20 studies have no labels/);
  assert.ok(labels.size > 0);
});

test("a split by slice warns, and counts patients and studies on both sides", async () => {
  const dataset = await labelled(...manyPatients(20, bleeding));
  const { folds, leaks, remarks } = await splitDataset(dataset, { seed: 1, by: "slice", validation: 0.16 });
  const slices = folds[0]!.slices + folds[1]!.slices;
  assert.ok(Math.abs(folds[0]!.slices / slices - 0.16) < 0.01);
  assert.equal(leaks.filter(({ kind }) => kind === "patient").length, 20);
  assert.match(remarks.join(), /Warning: this split leaks. 20 of 20 patients and 20 of 20 studies/);
});

test("a split of other labels than the data set has now does not count", async () => {
  const dataset = await labelled(...manyPatients(20, bleeding));
  await splitDataset(dataset, { ...BY_PATIENT, folds: 2 });
  const manifest = path.join(dataset.dir, "dataset.json");
  const changed = { ...(await Dataset.open(dataset.dir)).manifest, contentHash: "0".repeat(64) };
  writeFileSync(manifest, JSON.stringify(changed));
  await assert.rejects((await Dataset.open(dataset.dir)).split().next(), { code: "split-missing" });
});

import assert from "node:assert/strict";
import { existsSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { Dataset } from "../../src/training/dataset/dataset.ts";
import { datasetCommand, datasetJson, labelsIn, textOf } from "../support/imported.ts";
import { madeDataset } from "../support/made-dataset.ts";
import { longRows, longTable } from "../support/rsna-folder.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

interface Told {
  added: number;
  known: number;
  removed: number;
  conflicts: { sop: string | null; label: string }[];
  skipped: { count: number };
  splitFits: boolean | null;
}

async function twoStudies(): Promise<string> {
  const dir = path.join(temporaryFolder(), "set");
  await madeDataset(dir, [
    { patient: "A", study: "1.1", images: ["1.1.1", "1.1.2"] },
    { patient: "B", study: "1.2", images: ["1.2.1#1", "1.2.1#2"] },
  ]);
  return dir;
}

function table(text: string): string {
  const file = path.join(temporaryFolder(), "labels.csv");
  writeFileSync(file, text);
  return file;
}

const label = (dir: string, ...args: string[]) => datasetJson<Told>("label", dir, ...args);

test("labels of a long table go to the images and frames they name, and the same table adds nothing twice", async () => {
  const dir = await twoStudies();
  const unlabelled = (await Dataset.open(dir)).manifest.contentHash;
  const file = path.join(temporaryFolder(), "l.csv");
  longTable(file, [...longRows("1.1.2", "any", "subdural"), ...longRows("1.2.1#2")]);
  const first = await label(dir, "--csv", file, "--reader", "resident");
  assert.deepEqual([first.added, first.known, first.conflicts], [2, 0, []]);
  const [one, two] = await labelsIn(dir);
  assert.deepEqual([one!.study, one!.sop, one!.labels.subdural, one!.labels.epidural], ["1.1", "1.1.2", 1, 0]);
  assert.deepEqual([two!.study, two!.sop, two!.reader, two!.source], ["1.2", "1.2.1#2", "resident", "csv:l.csv"]);
  const labelled = (await Dataset.open(dir)).manifest.contentHash;
  assert.notEqual(labelled, unlabelled);

  const again = await label(dir, "--csv", file, "--reader", "resident");
  assert.deepEqual([again.added, again.known], [0, 2]);
  assert.equal((await Dataset.open(dir)).manifest.contentHash, labelled);
});

test("who said what and when is kept, and where readers differ it is listed and counts as unknown", async () => {
  const dir = await twoStudies();
  const file = table("sop,any,subdural,reader,at\n1.1.1,1,1,anna,2026-01-02\n1.1.1,1,0,ben,2026-01-03\n");
  const told = await label(dir, "--csv", file);
  assert.deepEqual(
    told.conflicts.map(({ sop, label: kind }) => [sop, kind]),
    [["1.1.1", "subdural"]],
  );
  const labels = await (await Dataset.open(dir)).labels();
  assert.deepEqual([labels.get("1.1", "1.1.1", "any"), labels.get("1.1", "1.1.1", "subdural")], [1, null]);
  assert.deepEqual(textOf(dir, "labels-conflicts.csv").trim().split("\n"), [
    "study,sop,label,value,source,reader,at",
    "1.1,1.1.1,subdural,1,csv:labels.csv,anna,2026-01-02",
    "1.1,1.1.1,subdural,0,csv:labels.csv,ben,2026-01-03",
  ]);
});

test("a study that one reader calls free of what another sees in an image is a conflict", async () => {
  const dir = await twoStudies();
  const file = table("study,sop,any,reader\n1.1,,0,anna\n,1.1.2,1,ben\n1.2,,0,anna\n");
  const told = await label(dir, "--csv", file);
  assert.deepEqual(told.conflicts, [{ study: "1.1", sop: null, label: "any" }]);
  const labels = await (await Dataset.open(dir)).labels();
  const ofStudies = ["1.1", "1.2"].map((study) => labels.get(study, null, "any"));
  assert.deepEqual([...ofStudies, labels.get("1.1", "1.1.2", "any")], [null, 0, 1]);
  assert.deepEqual(textOf(dir, "labels-conflicts.csv").trim().split("\n").slice(1), [
    "1.1,,any,0,csv:labels.csv,anna,",
    "1.1,1.1.2,any,1,csv:labels.csv,ben,",
  ]);
});

test("a row without an image is of the whole study", async () => {
  const dir = await twoStudies();
  await label(dir, "--csv", table("study,sop,any\n1.2,,1\n"));
  const labels = await (await Dataset.open(dir)).labels();
  assert.deepEqual([labels.get("1.2", null, "any"), labels.has("1.2", "1.2.1#1")], [1, false]);
});

test("what is not understood is named with its file and line, and nothing is written", async () => {
  const dir = await twoStudies();
  const before = textOf(dir, "dataset.json");
  for (const [text, message] of [
    ["sop,any\n1.1.1,1\n9.9,1\n", /labels\.csv, line 3: "9\.9" is not in the data set: .*--skip-unknown/],
    ["ID,Label\n1.1.1_contusion,1\n", /line 2: "contusion" is none of the labels: .*--skip-unknown/],
    ["ID,Label\n1.1.1_any,0.5\n", /line 2: "0\.5" is not 0 or 1/],
    ["image,haemorrhage\n1.1.1,1\n", /needs the columns .*its first line has image, haemorrhage/],
    ["sop,any\n", /has no rows/],
  ] as const) {
    const { code, stderr } = await datasetCommand("label", dir, "--csv", table(text));
    assert.equal(code, 1, stderr);
    assert.match(stderr, message);
  }
  assert.equal(textOf(dir, "dataset.json"), before);
  assert.ok(!existsSync(path.join(dir, "labels.csv")));
  const skipped = await label(dir, "--csv", table("sop,any\n1.1.1,1\n9.9,1\n"), "--skip-unknown");
  assert.deepEqual([skipped.added, skipped.skipped.count], [1, 1]);
});

test("a split that was made for other labels is told", async () => {
  const dir = await twoStudies();
  const { manifest } = await Dataset.open(dir);
  const split = {
    created: manifest.created,
    contentHash: manifest.contentHash,
    seed: 1,
    folds: 2,
    by: "patient",
    validation: null,
  };
  writeFileSync(path.join(dir, "dataset.json"), JSON.stringify({ ...manifest, split }));
  const { stderr, stdout } = await datasetCommand("label", dir, "--csv", table("sop,any\n1.1.1,1\n"), "--json");
  assert.match(stderr, /split was made for other labels/);
  assert.equal((JSON.parse(stdout) as Told).splitFits, false);
});

test("a data set whose labels were being changed when the machine stopped is not whole until it is labelled again", async () => {
  const dir = await twoStudies();
  const file = table("sop,any\n1.1.1,1\n");
  await label(dir, "--csv", file);
  const whole = (await Dataset.open(dir)).manifest;
  renameSync(path.join(dir, "dataset.json"), path.join(dir, "dataset.json.aside"));
  await assert.rejects(Dataset.open(dir), { code: "not-found" });
  assert.equal((await label(dir, "--csv", file)).known, 1);
  assert.deepEqual((await Dataset.open(dir)).manifest, whole);
  assert.ok(!existsSync(path.join(dir, "dataset.json.aside")));
});

test("labels come from one source at a time", async () => {
  const dir = await twoStudies();
  assert.equal((await datasetCommand("label", dir)).code, 2);
  assert.equal((await datasetCommand("label", dir, "--csv", "a.csv", "--from-feedback")).code, 2);
});

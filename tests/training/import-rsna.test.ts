import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  createReadStream,
  createWriteStream,
  existsSync,
  linkSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { createGunzip } from "node:zlib";
import { LABELS, type Label, type PerLabel } from "../../src/contract/labels.ts";
import { Dataset } from "../../src/training/dataset/dataset.ts";
import { pathIn } from "../../src/training/dataset/layout.ts";
import type { RsnaFileCounts } from "../../src/training/import/rsna.ts";
import {
  countsOf,
  datasetCommand,
  datasetJson,
  labelsIn,
  recordsIn,
  type ToldProblem,
  textOf,
} from "../support/imported.ts";
import { longRows, longTable, rsnaFolder } from "../support/rsna-folder.ts";
import { needs, sharedData } from "../support/shared-data.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

interface Told {
  out: string | null;
  images: number;
  rows: number;
  duplicates: number;
  conflicts: { image: string; label: Label }[];
  labels: PerLabel<{ positive: number; share: number }>;
  files: RsnaFileCounts | null;
  problems: ToldProblem[];
}

const importRsna = (...args: string[]) => datasetJson<Told>("import-rsna", ...args);

test("all labels of the RSNA collection, in Kaggle's long form, are counted", needs("rsna-labels"), async () => {
  const file = path.join(temporaryFolder(), "stage_1_train.csv");
  await writeLongForm(path.join(sharedData("rsna-labels"), "train.csv.gz"), file);
  const told = await importRsna(file);
  assert.equal(told.images, 674_258);
  assert.equal(told.rows, 6 * 674_258);
  assert.deepEqual([told.duplicates, told.conflicts, told.problems], [0, [], []]);
  const shares = LABELS.map((label) => (told.labels[label].share * 100).toFixed(2));
  assert.deepEqual(shares, ["0.41", "4.83", "3.52", "4.76", "6.30", "14.40"]);
});

async function writeLongForm(wide: string, long: string): Promise<void> {
  const lines = createInterface({ input: createReadStream(wide).pipe(createGunzip()) });
  const out = createWriteStream(long);
  let header: string[] = [];
  for await (const line of lines) {
    const cells = line.split(",");
    if (header.length === 0) {
      header = cells;
      out.write("ID,Label\n");
      continue;
    }
    out.write(LABELS.map((label) => `${cells[0]}_${label},${cells[header.indexOf(label)]}\n`).join(""));
  }
  await new Promise<void>((resolve) => out.end(resolve));
}

test("all of 112 real slices are read, and 84 of them have labels", needs("rsna-slices"), async () => {
  const dir = sharedData("rsna-slices");
  const out = path.join(temporaryFolder(), "set");
  const { files } = await importRsna(path.join(dir, "labels.csv"), path.join(dir, "dicom"), "--out", out);
  assert.deepEqual(
    [files?.images, files?.labelled, files?.unlabelled, files?.missing, files?.unusable],
    [112, 84, 28, 0, 0],
  );
  const dataset = await Dataset.open(out);
  assert.deepEqual(dataset.manifest.counts, { patients: 111, studies: 111, series: 111, instances: 112 });
  const labels = await dataset.labels();
  const positives = [...labels.images()].filter((sop) => labels.get("", sop, "any") === 1);
  assert.equal(positives.length, 11);
  for (const record of await recordsIn(out)) assert.equal((await dataset.readPixels(record))[0]?.rows, record.rows);
});

test("what is wrong with a label file is told, and ends nothing", async () => {
  const dir = temporaryFolder();
  const [one, two, three, four] = rsnaFolder(path.join(dir, "dicom"), 4, 1).map(({ sop }) => sop) as [
    string,
    string,
    string,
    string,
  ];
  const csv = longTable(path.join(dir, "labels.csv"), [
    ...longRows(one, "subdural", "any"),
    ...longRows(one, "subdural", "any"),
    ...longRows(two, "epidural"),
    ...longRows(three, "any", "subdural"),
    `${three}_subdural,0`,
    `${four}_any,0`,
    `${four}_contusion,1`,
    `${four}_epidural,0.5`,
    "nonsense,1",
  ]);
  const out = path.join(dir, "set");
  const told = await importRsna(csv, path.join(dir, "dicom"), "--out", out);
  assert.equal(told.duplicates, 6);
  assert.deepEqual(told.conflicts, [{ image: three, label: "subdural" }]);
  assert.deepEqual(countsOf(told.problems), {
    "duplicate-rows": 6,
    "label-unknown": 1,
    "value-invalid": 1,
    "row-unreadable": 1,
    "labels-contradict": 1,
    "any-differs": 1,
    "labels-missing": 1,
  });
  assert.match(
    told.problems.find(({ code }) => code === "value-invalid")!.examples[0]!,
    /^line 29: "0.5" is not 0 or 1$/,
  );
  const labels = await (await Dataset.open(out)).labels();
  assert.equal(labels.get("", three, "subdural"), null);
  assert.deepEqual(textOf(out, "labels-conflicts.csv").split("\n").length, 4);
});

test("files that are missing, broken, short, of a wrong size, repeated or foreign end nothing", async () => {
  const dir = temporaryFolder();
  const images = path.join(dir, "dicom");
  const files = rsnaFolder(images, 4, 2);
  const [short, cut, broken, long] = files as [(typeof files)[0], ...typeof files];
  // As ID_6431af929 of the collection: the length of its pixels is that of what is there.
  const at = short.bytes.length - 2 * 16 * 16;
  const shorter = Buffer.from(short.bytes.subarray(0, at + 150));
  shorter.writeUInt32LE(150, at - 4);
  writeFileSync(short.file, shorter);
  writeFileSync(cut!.file, cut!.bytes.subarray(0, cut!.bytes.length - 100));
  writeFileSync(broken!.file, broken!.bytes.subarray(0, 60));
  const longer = Buffer.concat([long!.bytes, Buffer.alloc(64)]);
  longer.writeUInt32LE(2 * 16 * 16 + 64, at - 4);
  writeFileSync(long!.file, longer);
  linkSync(files[6]!.file, path.join(images, "copy.dcm"));
  writeFileSync(path.join(images, "readme.txt"), "no image");
  const rows = [...files.flatMap(({ sop }) => longRows(sop)), ...longRows("ID_gone")];
  const out = path.join(dir, "set");
  const { files: counts, problems } = await importRsna(longTable(path.join(dir, "l.csv"), rows), images, "--out", out);
  assert.deepEqual(countsOf(problems), {
    "file-unreadable": 1,
    "file-foreign": 1,
    "file-repeated": 1,
    "file-missing": 2,
    "pixels-unusable": 3,
  });
  assert.equal(counts!.images, 7);
  const records = await recordsIn(out);
  const problemOf = (sop: string) => records.find((record) => record.sop === sop)?.problem;
  assert.match(problemOf(short.sop)!.message, /150 of 512 bytes/);
  assert.match(problemOf(cut!.sop)!.message, /cut off/);
  assert.match(problemOf(long!.sop)!.message, /more than/);
  assert.equal(records.filter(({ problem }) => problem === null).length, 4);
});

test("labels are found by the name of the file where the image has another UID", async () => {
  const dir = temporaryFolder();
  const images = path.join(dir, "dicom");
  const [image] = rsnaFolder(images, 1, 1);
  writeFileSync(path.join(images, "ID_other.dcm"), readFileSync(image!.file));
  writeFileSync(image!.file, "");
  const out = path.join(dir, "set");
  const csv = longTable(path.join(dir, "l.csv"), longRows("ID_other", "any", "epidural"));
  const { problems } = await importRsna(csv, images, "--out", out);
  assert.deepEqual(countsOf(problems), { "file-unreadable": 1, "name-differs": 1 });
  assert.deepEqual(
    (await labelsIn(out)).map(({ sop, labels }) => [sop, labels.epidural]),
    [[image!.sop, 1]],
  );
});

test(
  "an import that was killed goes on, and gives the data set of one that was not",
  needs("rsna-slices"),
  async () => {
    const dir = temporaryFolder();
    const images = path.join(dir, "dicom");
    const csv = longTable(
      path.join(dir, "l.csv"),
      rsnaFolder(images, 60).flatMap(({ sop }) => longRows(sop)),
    );
    const [whole, killed] = [path.join(dir, "whole"), path.join(dir, "killed")];
    await importRsna(csv, images, "--out", whole, "--link", "copy");
    let kills = 0;
    for (let studies = 10; studies <= 50; studies += 10) kills += Number(await killAfter(studies, killed, csv, images));
    assert.ok(kills >= 3, `killed ${kills} times only`);
    const { files } = await importRsna(csv, images, "--out", killed, "--link", "copy");
    assert.ok(files!.kept >= 30, `${files!.kept} images were kept`);
    for (const file of ["instances.jsonl", "labels.csv"]) assert.equal(textOf(killed, file), textOf(whole, file));
    for (const { file } of await recordsIn(whole))
      assert.deepEqual(readFileSync(pathIn(killed, file)), readFileSync(pathIn(whole, file)));
    assert.equal((await Dataset.open(killed)).manifest.contentHash, (await Dataset.open(whole)).manifest.contentHash);
  },
);

/** Whether it was killed before it was done. */
async function killAfter(studies: number, out: string, csv: string, images: string): Promise<boolean> {
  const args = ["src/cli.ts", "dataset", "import-rsna", csv, images, "--out", out, "--link", "copy"];
  const child = spawn(process.execPath, args, { stdio: "ignore" });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once("close", (_, signal) => resolve(signal)));
  const unfinished = path.join(out, ".unfinished");
  const look = setInterval(() => {
    if (existsSync(unfinished) && readdirSync(unfinished).length > studies) child.kill("SIGKILL");
  }, 1);
  const signal = await ended;
  clearInterval(look);
  if (signal === "SIGKILL") await assert.rejects(Dataset.open(out), { code: "not-found" });
  return signal === "SIGKILL";
}

test("files are linked where the disk can, and copied on demand", async () => {
  const dir = temporaryFolder();
  const images = path.join(dir, "dicom");
  const [image] = rsnaFolder(images, 1, 1);
  const csv = longTable(path.join(dir, "l.csv"), longRows(image!.sop));
  const inode = async (out: string, ...how: string[]) => {
    await importRsna(csv, images, "--out", out, ...how);
    return statSync(pathIn(out, (await recordsIn(out))[0]!.file)).ino;
  };
  const original = statSync(image!.file).ino;
  assert.equal(await inode(path.join(dir, "linked")), original);
  assert.notEqual(await inode(path.join(dir, "copied"), "--link", "copy"), original);
});

test("labels without images are counted, and no data set is written", async () => {
  const dir = temporaryFolder();
  const csv = longTable(path.join(dir, "l.csv"), longRows("ID_1", "any", "subdural"));
  const { code, stdout, stderr } = await datasetCommand("import-rsna", csv, "--out", path.join(dir, "set"));
  assert.equal(code, 0);
  assert.match(stdout, /any +1 +100\.00 %/);
  assert.match(stderr, /nothing is written/);
  assert.ok(!existsSync(path.join(dir, "set")));
});

test("a table without the columns of labels is refused by name, and images without --out are wrong use", async () => {
  const dir = temporaryFolder();
  const csv = path.join(dir, "l.csv");
  writeFileSync(csv, "name,value\na,1\n");
  const refused = await datasetCommand("import-rsna", csv);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /l\.csv needs the columns .*its first line has name, value/);
  const wrongUse = await datasetCommand("import-rsna", csv, dir);
  assert.equal(wrongUse.code, 2);
});

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { encode } from "fast-png";
import { Dataset } from "../../src/training/dataset/dataset.ts";
import { pathIn } from "../../src/training/dataset/layout.ts";
import {
  countsOf,
  datasetCommand,
  datasetJson,
  labelsIn,
  recordsIn,
  type ToldProblem,
  textOf,
} from "../support/imported.ts";
import { needs, sharedData } from "../support/shared-data.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { iodErrors } from "../support/validators.ts";

interface Told {
  images: number;
  patients: number;
  masks: number;
  kept: number;
  problems: ToldProblem[];
}

const WINDOW = ["--window", "40,120", "--thickness", "5"];
const importImages = (csv: string, dir: string, out: string, ...more: string[]) =>
  datasetJson<Told>("import-images", csv, dir, "--out", out, ...more);

/** labels.csv of the real collection, of some of its patients. */
function tableOf(dir: string, patients: string[]): string {
  const [header, ...rows] = readFileSync(path.join(sharedData("physionet-ct-ich"), "labels.csv"), "utf8")
    .trim()
    .split("\n");
  const file = path.join(dir, "labels.csv");
  writeFileSync(file, [header, ...rows.filter((row) => patients.includes(row.split(",")[1]!)), ""].join("\n"));
  return file;
}

test(
  "real JPEG slices become the same DICOM images each time, in HU and in their order",
  needs("physionet-ct-ich"),
  async () => {
    const dir = temporaryFolder();
    const images = sharedData("physionet-ct-ich");
    const csv = tableOf(dir, ["49", "58"]);
    const [once, again] = [path.join(dir, "once"), path.join(dir, "again")];
    const told = await importImages(csv, images, once, ...WINDOW);
    await importImages(csv, images, again, ...WINDOW);
    assert.deepEqual(countsOf(told.problems), { "columns-unused": 1 });

    const rows = readFileSync(csv, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((row) => row.split(","));
    const records = await recordsIn(once);
    assert.deepEqual([told.images, told.patients, records.length], [rows.length, 2, rows.length]);
    const slicesOf = (patient: string) => rows.filter((row) => row[1] === patient).map((row) => Number(row[2]) * 5);
    for (const patient of ["49", "58"]) {
      const found = records.filter((record) => record.patient === patient).map(({ z }) => z);
      assert.deepEqual(
        found,
        slicesOf(patient).sort((a, b) => a - b),
      );
    }
    const labels = await labelsIn(once);
    assert.equal(labels.filter((row) => row.labels.any === 1).length, rows.filter((row) => row[8] === "1").length);

    for (const file of ["instances.jsonl", "labels.csv"]) assert.equal(textOf(again, file), textOf(once, file));
    for (const { file } of records)
      assert.deepEqual(readFileSync(pathIn(again, file)), readFileSync(pathIn(once, file)));
    const dataset = await Dataset.open(once);
    const [slice] = await dataset.readPixels(records[10]!);
    assert.deepEqual(
      [slice!.rows, slice!.columns, slice!.hu.toSorted()[0], slice!.hu.toSorted().at(-1)],
      [650, 650, -20, 100],
    );
    assert.deepEqual(iodErrors(pathIn(once, records[0]!.file)), []);
  },
);

test("the bits of a JPEG are in its DICOM image as they were", needs("physionet-ct-ich"), async () => {
  const dir = temporaryFolder();
  const images = sharedData("physionet-ct-ich");
  const csv = path.join(dir, "one.csv");
  writeFileSync(csv, "path,patient,slice,any\nData/Brain/Negativ/4914.jpg,49,14,1\n");
  await importImages(csv, images, path.join(dir, "set"), ...WINDOW);
  const [record] = await recordsIn(path.join(dir, "set"));
  const wrapped = readFileSync(pathIn(path.join(dir, "set"), record!.file));
  assert.ok(wrapped.includes(readFileSync(path.join(images, "Data/Brain/Negativ/4914.jpg"))));
});

/** A PNG of 8 x 8 pixels whose values go from 0 to the greatest. */
function png(
  depth: 8 | 16,
  channels: 1 | 2 | 3 | 4,
  value: (pixel: number, channel: number) => number,
  size = 8,
): Uint8Array {
  const count = size * size * channels;
  const from = (_: unknown, i: number) => value(Math.floor(i / channels), i % channels);
  const data = depth === 16 ? Uint16Array.from({ length: count }, from) : Uint8Array.from({ length: count }, from);
  return encode({ width: size, height: size, data, depth, channels });
}

/** A folder of pictures and the table that names them, one patient with a slice each. */
function pictures(files: Record<string, Uint8Array | null>): { dir: string; csv: string; out: string } {
  const dir = temporaryFolder();
  const rows = Object.entries(files).map(([name, bytes], slice) => {
    if (bytes !== null) writeFileSync(path.join(dir, name), bytes);
    return `${name},P1,${slice + 1},0,0,0,0,${slice % 2}`;
  });
  const csv = path.join(dir, "table.csv");
  const header = "file,patient,slice,epidural,intraparenchymal,intraventricular,subarachnoid,subdural";
  writeFileSync(csv, [header, ...rows, ""].join("\n"));
  return { dir, csv, out: path.join(dir, "set") };
}

const ramp8 = (pixel: number) => Math.round((pixel / 63) * 255);
const ramp16 = (pixel: number) => Math.round((pixel / 63) * 65_535);

test("PNG of 8 and 16 bits, grey in one channel or in three, mean the HU of the window; any follows from the kinds", async () => {
  const { dir, csv, out } = pictures({
    "a.png": png(8, 1, ramp8),
    "b.png": png(16, 1, ramp16),
    "c.png": png(8, 3, ramp8),
    "d.png": png(8, 4, (pixel, channel) => (channel === 3 ? 255 : ramp8(pixel))),
  });
  assert.deepEqual(
    (await importImages(csv, dir, out, "--window", "50,350")).problems.map(({ code }) => code),
    ["thickness-assumed"],
  );
  const dataset = await Dataset.open(out);
  for (const record of await recordsIn(out)) {
    const [slice] = await dataset.readPixels(record);
    const expected = Array.from({ length: 64 }, (_, pixel) => -125 + (pixel / 63) * 350);
    for (const [pixel, hu] of slice!.hu.entries())
      assert.ok(Math.abs(hu - expected[pixel]!) <= 1.3, `${hu}, not ${expected[pixel]}`);
    assert.deepEqual(iodErrors(pathIn(out, record.file)), []);
  }
  assert.deepEqual(
    (await labelsIn(out)).map(({ labels }) => labels.any),
    [0, 1, 0, 1],
  );
});

test("what cannot be taken is left out by name: colour, turned, missing, broken, foreign", async () => {
  const { dir, csv, out } = pictures({
    "good.png": png(8, 1, ramp8),
    "colour.png": png(8, 3, (pixel, channel) => ramp8(pixel) * (channel === 0 ? 1 : 0.5)),
    "clear.png": png(8, 2, (pixel, channel) => (channel === 1 ? 10 : ramp8(pixel))),
    "turned.jpg": turnedJpeg(),
    "gone.png": null,
    "broken.png": png(8, 1, ramp8).subarray(0, 60),
    "notes.png": Buffer.from("these are notes"),
    "large.png": png(8, 1, (pixel) => pixel % 256, 16),
  });
  const told = await importImages(csv, dir, out, ...WINDOW);
  assert.equal(told.images, 2);
  assert.deepEqual(countsOf(told.problems), {
    "image-colour": 2,
    "image-rotated": 1,
    "file-missing": 1,
    "file-unreadable": 1,
    "file-foreign": 1,
    "size-differs": 1,
  });
  const rotated = told.problems.find(({ code }) => code === "image-rotated")!;
  assert.deepEqual(rotated.examples, ["line 5: turned.jpg: its EXIF orientation is 6"]);
});

/** The beginning of a JPEG whose EXIF data asks for a quarter turn. */
function turnedJpeg(): Uint8Array {
  const tiff = Buffer.from("4d4d002a00000008000101120003000000010006000000000000", "hex");
  const value = Buffer.concat([Buffer.from("Exif\0\0"), tiff]);
  const head = Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0, value.length + 2]);
  return Buffer.concat([head, value, Buffer.from([0xff, 0xd9])]);
}

test("what was missing at first is taken when the same command is given again", async () => {
  const { dir, csv, out } = pictures({ "a.png": png(8, 1, ramp8), "b.png": null });
  assert.equal((await importImages(csv, dir, out, ...WINDOW)).images, 1);
  writeFileSync(path.join(dir, "b.png"), png(8, 1, ramp8));
  assert.equal((await importImages(csv, dir, out, ...WINDOW)).images, 2);
  assert.equal((await importImages(csv, dir, out, ...WINDOW)).kept, 2);
  const other = await datasetCommand("import-images", csv, dir, "--out", out, "--window", "50,350", "--thickness", "5");
  assert.equal(other.code, 2);
  assert.match(other.stderr, /another window/);
});

test("masks go with their pictures; those of another size, or of no picture, are told", async () => {
  const { dir, csv, out } = pictures({ "a.png": png(8, 1, ramp8), "b.png": png(8, 1, ramp8) });
  const masks = path.join(dir, "masks");
  mkdirSync(masks);
  const mask = png(8, 1, (pixel) => (pixel === 9 ? 255 : 0));
  writeFileSync(path.join(masks, "a.png"), mask);
  writeFileSync(
    path.join(masks, "b.png"),
    png(8, 1, () => 0, 16),
  );
  writeFileSync(path.join(masks, "z.png"), mask);
  const told = await importImages(csv, dir, out, ...WINDOW, "--masks", masks);
  assert.deepEqual([told.masks, countsOf(told.problems)], [1, { "mask-unusable": 1, "mask-foreign": 1 }]);
  const [a, b] = await recordsIn(out);
  assert.deepEqual(readFileSync(pathIn(out, a!.mask!)), Buffer.from(mask));
  assert.equal(b!.mask, null);
});

test("a table that cannot be understood is refused with its line, and nothing is written", async () => {
  for (const [row, message] of [
    ["a.png,,1,0", /line 2: there is no patient/],
    ["a.png,P1,,0", /line 2: nothing says where the slice lies/],
    ["a.png,P1,one,0", /line 2: "one" in column "slice" is no number/],
    ["a.png,P1,1,2", /line 2: "2" in column "any" is not 0 or 1/],
    ["a.png,P1,1,0\na.png,P2,1,0", /line 3: a\.png stands in line 2 already/],
  ] as const) {
    const { dir, csv, out } = pictures({});
    writeFileSync(csv, `path,patient,slice,any\n${row}\n`);
    const { code, stderr } = await datasetCommand("import-images", csv, dir, "--out", out, ...WINDOW);
    assert.equal(code, 1);
    assert.match(stderr, message);
    await assert.rejects(Dataset.open(out), { code: "not-found" });
  }
});

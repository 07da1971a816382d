import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { encode } from "fast-png";
import { findModel } from "../../src/ai/model-package.ts";
import { Preprocessor } from "../../src/ai/preprocess.ts";
import { configSchema } from "../../src/config.ts";
import { openFolder } from "../../src/dicom/folder-source.ts";
import { selectSeries } from "../../src/dicom/selection/selection.ts";
import { readSlices } from "../../src/dicom/slice.ts";
import { modelRoots } from "../../src/installation.ts";
import { ctSeries } from "../../src/phantom/ct-series.ts";
import { PHANTOM_BLEED } from "../../src/phantom/phantoms.ts";
import { readHead } from "../../src/scoring/read-head.ts";
import { StepTimer } from "../../src/scoring/step-timer.ts";
import type { Dataset } from "../../src/training/dataset/dataset.ts";
import { type ElementType, halfOf } from "../../src/training/prepare/element-type.ts";
import { type PrepareRequest, prepareDataset } from "../../src/training/prepare/prepare-dataset.ts";
import type { PrepareSpec } from "../../src/training/prepare/prepare-spec.ts";
import type { Shard } from "../../src/training/prepare/shard.ts";
import { datasetOfObjects } from "../support/objects-dataset.ts";
import { needs, sharedData } from "../support/shared-data.ts";
import { bleedingHeadStudy, filesOf, headStudy } from "../support/studies.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { thinHead } from "../support/thin-head.ts";

const { selection } = configSchema.parse({});
const { manifest } = await findModel("ich-lite", modelRoots(temporaryFolder()));

function spec(dtype: ElementType): PrepareSpec {
  return { kind: "model", input: manifest.input, dtype, selection };
}

function prepared(dataset: Dataset, changes: Partial<PrepareRequest> = {}) {
  const request = { spec: spec("uint8"), shardSize: 40, threads: 1, part: { number: 1, of: 1 }, mergeOnly: false };
  return prepareDataset(dataset, { ...request, ...changes });
}

/** A data set of several small studies, one of them with a bleed. */
async function heads(keys = ["a", "b", "c"]): Promise<Dataset> {
  const objects = keys.flatMap((key, i) => filesOf(i === 1 ? bleedingHeadStudy(key) : headStudy(key)));
  return datasetOfObjects(temporaryFolder(), objects);
}

function shardsOf(dir: string): Shard[] {
  return JSON.parse(readFileSync(path.join(dir, "index.json"), "utf8")).shards;
}

/** The numbers behind the header of a .npy file. */
function dataOf(dir: string, file: string): Buffer {
  const bytes = readFileSync(path.join(dir, file));
  return bytes.subarray(10 + bytes.readUInt16LE(8));
}

function contentOf(dir: string): Record<string, string> {
  return Object.fromEntries(readdirSync(dir).map((name) => [name, readFileSync(path.join(dir, name), "latin1")]));
}

/** Every image of a folder as the service prepares it for the model, by the key of its row. */
async function asScoringDoes(folder: string): Promise<Map<string, Float32Array>> {
  const images = new Map<string, Float32Array>();
  for (const source of await openFolder(folder)) {
    const headers = await source.listInstances();
    for (const acquisition of selectSeries(headers, selection).acquisitions) {
      const reader = { read: (stored: Parameters<typeof readSlices>[0]) => readSlices(stored) };
      const options = {
        source,
        reader,
        slab: manifest.input.slab,
        minSlices: 8,
        timer: new StepTimer(),
        signal: undefined,
      };
      const head = await readHead(acquisition, headers, options);
      assert.ok("volumes" in head);
      for (const { volume } of head.volumes) {
        const preprocessor = await Preprocessor.plan(volume, manifest.input);
        for (const [z, { header }] of volume.slices.entries())
          images.set(header.sopInstanceUid, preprocessor.image(z, false).slice());
      }
    }
  }
  return images;
}

async function assertAsScored(dataset: Dataset): Promise<Shard[]> {
  const { dir } = await prepared(dataset, { spec: spec("float32") });
  const scored = await asScoringDoes(path.join(dataset.dir, "dicom"));
  const shards = shardsOf(dir);
  const rows = shards.flatMap(({ images, studies }) => {
    const data = dataOf(dir, images!.file);
    return studies.flatMap((study) => study.images).map((image, row) => ({ image, data, row }));
  });
  assert.equal(rows.length, scored.size);
  for (const { image, data, row } of rows) {
    const wanted = scored.get(image.key)!;
    const bytes = data.subarray(row * wanted.byteLength, (row + 1) * wanted.byteLength);
    assert.ok(bytes.equals(Buffer.from(wanted.buffer)), `row ${row} is what the model is given, to the bit`);
  }
  return shards;
}

describe("the numbers", () => {
  test(
    "of a real head with a tilted gantry are those that scoring gives the model, to the bit",
    needs("dcm-qa-ct"),
    async () => {
      const folder = path.join(sharedData("dcm-qa-ct"), "In");
      const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      const objects = files.map((file) => readFileSync(path.join(file.parentPath, file.name)));
      const dicom = objects.filter((bytes) => bytes.subarray(128, 132).toString() === "DICM");
      const [shard] = await assertAsScored(await datasetOfObjects(temporaryFolder(), dicom));
      assert.equal(shard!.rows, 28);
    },
  );

  test("of thin slices are those of slabs, and each row names its images", async () => {
    const names = { patientName: "Thin^Head", patientId: "1", studyDescription: "CT head" };
    const series = ctSeries(thinHead(PHANTOM_BLEED), { studyKey: "thin", ...names });
    const [shard] = await assertAsScored(await datasetOfObjects(temporaryFolder(), filesOf(series)));
    const images = shard!.studies[0]!.images;
    assert.equal(images.length, 30);
    assert.equal(images.flatMap(({ members }) => members ?? []).length, 150);
  });

  test("of uint8 are the model's within half a step, by the formula of the index", async () => {
    const dataset = await heads(["a"]);
    const [small, exact] = [await prepared(dataset), await prepared(dataset, { spec: spec("float32") })];
    const { quantisation } = JSON.parse(readFileSync(small.index!.file, "utf8"));
    const [stored, wanted] = [dataOf(small.dir, "shard-00000.npy"), dataOf(exact.dir, "shard-00000.npy")];
    const [scale, offset] = [quantisation.scale[0], quantisation.offset[0]];
    let worst = 0;
    stored.forEach((value, i) => {
      worst = Math.max(worst, Math.abs(value * scale + offset - wanted.readFloatLE(4 * i)));
    });
    assert.ok(worst <= scale / 2 + 1e-6, `${worst}, a step is ${scale}`);
  });

  test("of float16 are the nearest there are", () => {
    const cases: [number, number][] = [
      ...([
        [0, 0],
        [1, 0x3c00],
        [-2, 0xc000],
        [65504, 0x7bff],
        [65520, 0x7c00],
        [2 ** -24, 1],
        [2 ** -25, 0],
      ] as const),
      ...([
        [1 + 2 ** -11, 0x3c00],
        [1 + 3 * 2 ** -11, 0x3c02],
        [0.1, 0x2e66],
        [-1 / 3, 0xb555],
        [6.1e-5, 0x03ff],
      ] as const),
    ].map(([value, half]) => [value, half]);
    for (const [value, half] of cases) assert.equal(halfOf(value), half, String(value));
  });
});

describe("the files", () => {
  test("of two parts, at once or one after the other, are those of one run, to the byte", async () => {
    const dataset = await heads();
    const { dir } = await prepared(dataset);
    const once = contentOf(dir);
    assert.ok(Object.keys(once).length >= 5);

    rmSync(dir, { recursive: true });
    const second = await prepared(dataset, { part: { number: 2, of: 2 } });
    assert.equal(second.index, null);
    await assert.rejects(prepared(dataset, { mergeOnly: true }), { code: "prepare-incomplete" });
    assert.notEqual((await prepared(dataset, { part: { number: 1, of: 2 } })).index, null);
    assert.deepEqual(contentOf(dir), once);

    rmSync(dir, { recursive: true });
    const parts = [1, 2, 1].map((number) => prepared(dataset, { part: { number, of: 2 } }));
    await Promise.all(parts);
    await prepared(dataset, { mergeOnly: true });
    assert.deepEqual(contentOf(dir), once);
  });

  test("are made again where one was cut off, and only that one", async () => {
    const dataset = await heads();
    const { dir } = await prepared(dataset);
    const once = contentOf(dir);
    writeFileSync(path.join(dir, "shard-00001.npy"), "cut off");
    rmSync(path.join(dir, "index.json"));
    let done = 0;
    await prepared(dataset, {
      onProgress: (images) => {
        done = images;
      },
    });
    assert.deepEqual(contentOf(dir), once);
    assert.equal(done, 30);
  });

  test("hold masks that went the way of their images", async () => {
    const [rows, columns] = [256, 256];
    const data = new Uint8Array(rows * columns).map((_, i) => (i % columns < 128 ? 255 : 0));
    const change = (record: Parameters<Parameters<typeof datasetOfObjects>[2] & object>[0]) =>
      record.z === 70 ? { ...record, mask: "half.png" } : record;
    const dir = temporaryFolder();
    const dataset = await datasetOfObjects(dir, filesOf(headStudy("masked")), change);
    writeFileSync(path.join(dir, "half.png"), encode({ width: columns, height: rows, data, channels: 1, depth: 8 }));
    const outcome = await prepared(dataset);
    const [shard] = shardsOf(outcome.dir);
    const images = shard!.studies[0]!.images;
    const row = images.findIndex(({ mask }) => mask);
    assert.equal(images.filter(({ mask }) => mask).length, 1);
    const { width, height } = manifest.input;
    const mask = dataOf(outcome.dir, shard!.masks!.file).subarray(row * width * height, (row + 1) * width * height);
    const [left, , right] = images[row]!.area!;
    const edge = ((128 - left) / (right - left)) * width;
    const line = [...mask.subarray(80 * width, 81 * width)];
    assert.ok(Math.abs(line.reduce((sum, value) => sum + value / 255, 0) - edge) < 0.6);
    assert.ok(line[5]! > 250 && line.at(-5)! < 5);
  });
});

test("images that cannot be read or have a problem are left out and named; the others go on", async () => {
  const problem = { code: "values-not-hu", message: "made up" };
  const objects = [...filesOf(headStudy("left out")), ...filesOf(headStudy("whole"))];
  const dir = temporaryFolder();
  let file = "";
  const dataset = await datasetOfObjects(dir, objects, (record) => {
    if (record.patient === "left out" && record.z === 50) file = record.file;
    return record.patient === "left out" && record.z === 70 ? { ...record, problem } : record;
  });
  writeFileSync(path.join(dir, ...file.split("/")), "no DICOM at all");
  const { index, dir: out } = await prepared(dataset);
  assert.equal(index!.rows, 58);
  const leftOut = shardsOf(out).flatMap((shard) => shard.leftOut);
  assert.deepEqual(leftOut.map(({ patient, code }) => `${patient} ${code}`).sort(), [
    "left out dicom-unreadable",
    "left out values-not-hu",
  ]);
});

test("a data set of which nothing can be prepared is an error", async () => {
  const problem = { code: "values-not-hu", message: "made up" };
  const dataset = await datasetOfObjects(temporaryFolder(), filesOf(headStudy("nothing")), (record) => ({
    ...record,
    problem,
  }));
  await assert.rejects(prepared(dataset), { code: "dataset-invalid", message: /none of 30 images/ });
});

test("the reference baseline's files are the header's window between the image's own extremes", async () => {
  const dataset = await heads(["a"]);
  const { dir, index } = await prepared(dataset, { spec: { kind: "reference" } });
  assert.equal(index!.rows, 30);
  for await (const record of dataset.instances()) {
    const [slice] = await dataset.readPixels(record);
    const inWindow = Float64Array.from(slice!.hu, (hu) => Math.min(100, Math.max(-20, hu)));
    const [least, greatest] = [Math.min(...inWindow), Math.max(...inWindow)];
    const wanted = Uint8Array.from(inWindow, (hu) => ((hu - least) / (greatest - least)) * 255);
    assert.ok(dataOf(dir, `${record.sop}.npy`).equals(wanted), `the image at ${record.z} mm`);
  }
});

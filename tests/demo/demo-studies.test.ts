import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { loadConfig } from "../../src/config.ts";
import { craniumVolume } from "../../src/demo/invesalius.ts";
import { parsePlist } from "../../src/demo/plist.ts";
import { type DemoStudy, demoStudies } from "../../src/demo/studies.ts";
import { openFolder } from "../../src/dicom/folder-source.ts";
import { selectSeries } from "../../src/dicom/selection/selection.ts";
import { averageSlabs, type HuVolume, withBleed } from "../../src/phantom/hu-volume.ts";
import { headPhantom, PHANTOM_BLEED } from "../../src/phantom/phantoms.ts";
import { readDataset } from "../support/content-tree.ts";
import { iodErrors } from "../support/validators.ts";

const dir = mkdtempSync(path.join(os.tmpdir(), "vigil-demo-studies-"));
after(() => rmSync(dir, { recursive: true }));

describe("the demo's studies", () => {
  let studies: DemoStudy[];
  const said: string[] = [];
  const make = () => demoStudies({ phantom: true, cacheDir: dir, log: (line) => said.push(line) });

  before(async () => {
    studies = await make();
  });

  test("are a head, the same head with a drawn haemorrhage that says so, and a chest, of three patients", () => {
    assert.deepEqual(
      studies.map(({ description, expected }) => [description, expected.state, ...expected.flags]),
      [
        ["CT head", "reported", "negative", "undetermined"],
        ["CT head, SYNTHETIC HAEMORRHAGE", "reported", "critical"],
        ["CT chest", "not-analysed", "not-analysed"],
      ],
    );
    const datasets = studies.map((study) => readDataset(study.series[0]!.instances[0]!.bytes));
    assert.equal(new Set(datasets.map((dataset) => dataset.PatientID)).size, 3);
    assert.equal(new Set(studies.map((study) => study.studyInstanceUid)).size, 3);
    for (const [i, dataset] of datasets.entries()) assert.equal(dataset.StudyDescription, studies[i]!.description);
    assert.equal(String(datasets[1]!.PatientName), "Παπαδόπουλος^Νίκος");
  });

  test("ask for nothing to be fetched when the generated head is wanted", () => assert.deepEqual(said, []));

  test("have the same UIDs in every run", async () => {
    const uids = (made: DemoStudy[]) =>
      made.flatMap((study) => study.series.flatMap((series) => series.instances.map((it) => it.sopInstanceUid)));
    assert.deepEqual(uids(await make()), uids(studies));
    assert.equal(new Set(uids(studies)).size, uids(studies).length);
  });

  test("are valid CT images", () => {
    const series = studies.flatMap((study) => study.series);
    assert.equal(series.length, 7);
    for (const { instances } of series) {
      const file = path.join(dir, "instance.dcm");
      writeFileSync(file, instances.at(-1)!.bytes);
      assert.deepEqual(iodErrors(file), []);
    }
  });

  test("give the series selection something to choose: not the localizer, not the bone kernel, not the chest", async () => {
    const folder = path.join(dir, "studies");
    mkdirSync(folder);
    for (const { sopInstanceUid, bytes } of studies.flatMap((study) => study.series.flatMap((it) => it.instances))) {
      writeFileSync(path.join(folder, `${sopInstanceUid}.dcm`), bytes);
    }
    const { selection: settings } = loadConfig({}, {}, dir);
    const found = new Map((await openFolder(folder)).map((study) => [study.studyInstanceUid, study]));
    for (const { studyInstanceUid, series, expected } of studies) {
      const selection = selectSeries(await found.get(studyInstanceUid)!.listInstances(), settings);
      assert.equal(selection.series.length, series.length);
      const [chosen] = selection.acquisitions.flatMap(({ parts }) => parts.flatMap((part) => part.seriesInstanceUids));
      if (expected.state === "reported") assert.equal(chosen, series[1]!.seriesInstanceUid);
      else assert.equal(selection.reason, "no-head");
    }
  });
});

test("a drawn bleed is bright in the middle, has a dark rim, and leaves the rest of the head alone", () => {
  const plain = headPhantom();
  const bleeding = withBleed(plain, PHANTOM_BLEED);
  const [x, y, z] = PHANTOM_BLEED.centre;
  const meanHu = (volume: HuVolume, column: number, row: number) => {
    let sum = 0;
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) sum += huAt(volume, column + dx, row + dy, z);
    }
    return sum / 9;
  };
  assert.ok(Math.abs(meanHu(bleeding, x, y) - PHANTOM_BLEED.hu) < 6);
  const rim = x + Math.round(PHANTOM_BLEED.halfAxes[0] * 1.2);
  assert.ok(meanHu(bleeding, rim, y) < meanHu(plain, rim, y) - 3);
  for (let slice = 0; slice < plain.slices; slice++) {
    assert.equal(huAt(bleeding, 100, 135, slice), huAt(plain, 100, 135, slice));
  }
  assert.equal(huAt(bleeding, x, y, z + 9), huAt(plain, x, y, z + 9));
});

test("slabs are the average of the slices they hold, and an incomplete one is left out", () => {
  const hu = Int16Array.from([0, 10, 20, 30, 40, 50, 90, 90]);
  const thin: HuVolume = { columns: 2, rows: 1, slices: 4, hu, pixelSpacingMm: 1, sliceSpacingMm: 1.5 };
  const slabs = averageSlabs(thin, 3);
  assert.deepEqual([slabs.slices, slabs.sliceSpacingMm, ...slabs.hu], [1, 4.5, 20, 30]);
});

describe("the real head", () => {
  test("is read from the cache with the face in the first rows, as DICOM has it", async () => {
    const cacheDir = path.join(dir, "cached");
    writeCranium(cacheDir, [1, 2, 2], [10, 11, 20, 21]);
    const volume = await craniumVolume(cacheDir);
    assert.deepEqual(volume, {
      columns: 2,
      rows: 2,
      slices: 1,
      hu: Int16Array.from([20, 21, 10, 11]),
      pixelSpacingMm: 0.957,
      sliceSpacingMm: 1.5,
    });
  });

  test("is refused when it is not the head that was expected", async () => {
    const cacheDir = path.join(dir, "damaged");
    writeCranium(cacheDir, [1, 2, 2], [10, 11]);
    await assert.rejects(craniumVolume(cacheDir), { code: "setup-failed" });
  });

  test("gives way to the generated one, with the reason, where it cannot be had", async () => {
    const searchPath = process.env.PATH;
    const said: string[] = [];
    process.env.PATH = dir;
    try {
      const studies = await demoStudies({ phantom: false, cacheDir: dir, log: (line) => said.push(line) });
      assert.equal(studies[0]?.series[1]?.instances.length, headPhantom().slices);
    } finally {
      process.env.PATH = searchPath;
    }
    assert.equal(said.length, 1);
    assert.match(said[0]!, /a generated one takes its place: there is no apt-get on this machine/);
  });
});

test("a property list is read with its nested values", () => {
  const inside = `<dict><key>a</key><array><integer>1</integer><real>-2.5</real></array>
    <key>b</key><dict></dict><key>c</key><string></string><key>d</key><string>x y</string><key>e</key><true/></dict>`;
  const list = parsePlist(`<?xml version="1.0"?><!DOCTYPE plist><plist version="1.0">${inside}</plist>`);
  assert.deepEqual(list, { a: [1, -2.5], b: {}, c: "", d: "x y", e: true });
});

test("a property list that is cut off or malformed is refused", () => {
  for (const inside of ["<dict><key>a</key>", "<dict><integer>1</integer></dict>", "<data>AA==</data>", "text"]) {
    assert.throws(() => parsePlist(`<plist version="1.0">${inside}`), SyntaxError);
  }
});

function huAt(volume: HuVolume, column: number, row: number, slice: number): number {
  return volume.hu[(slice * volume.rows + row) * volume.columns + column]!;
}

function writeCranium(cacheDir: string, shape: number[], voxels: number[]): void {
  const cranium = path.join(cacheDir, "cranium");
  mkdirSync(cranium, { recursive: true });
  const list = (tag: string, values: number[]) =>
    `<array>${values.map((value) => `<${tag}>${value}</${tag}>`).join("")}</array>`;
  const matrix = `<key>dtype</key><string>int16</string><key>filename</key><string>matrix.dat</string>
    <key>shape</key>${list("integer", shape)}`;
  writeFileSync(
    path.join(cranium, "main.plist"),
    `<plist version="1.0"><dict><key>matrix</key><dict>${matrix}</dict><key>spacing</key>${list("real", [0.957, 0.957, 1.5])}</dict></plist>`,
  );
  writeFileSync(path.join(cranium, "matrix.dat"), Int16Array.from(voxels));
}

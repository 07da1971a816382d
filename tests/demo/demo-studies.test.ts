import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { loadConfig } from "../../src/config.ts";
import { craniumVolume } from "../../src/demo/invesalius.ts";
import { ownStudies } from "../../src/demo/own-studies.ts";
import { parsePlist } from "../../src/demo/plist.ts";
import { type DemoStudy, demoStudies } from "../../src/demo/studies.ts";
import { openFolder } from "../../src/dicom/folder-source.ts";
import { selectSeries } from "../../src/dicom/selection/selection.ts";
import { averageSlabs, type HuVolume, withBleed } from "../../src/phantom/hu-volume.ts";
import { headPhantom, PHANTOM_BLEED } from "../../src/phantom/phantoms.ts";
import { readDataset } from "../support/content-tree.ts";
import { headStudy, filesOf as imagesOf } from "../support/studies.ts";
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

  test("show every state that a study can be in, each of another patient, and say what is wrong with them", () => {
    assert.deepEqual(
      studies.map(({ description, expected, course }) => [description, course, expected?.state, ...expected!.flags]),
      [
        ["CT head", "whole", "reported", "negative", "undetermined"],
        ["CT head, SYNTHETIC HAEMORRHAGE", "whole", "reported", "critical"],
        ["CT chest", "whole", "not-analysed", "not-analysed"],
        ["CT head, SLICES MISSING", "whole", "reported", "undetermined"],
        ["CT head, DELETED FROM THE PACS", "deleted", "failed", "not-analysed"],
        ["CT head, STILL ARRIVING", "arriving", "waiting", "pending"],
      ],
    );
    const datasets = studies.map((study) => readDataset(filesOf(study)[0]!));
    assert.equal(new Set(datasets.map((dataset) => dataset.PatientID)).size, 6);
    assert.deepEqual(
      datasets.map((dataset) => dataset.StudyInstanceUID),
      studies.map((study) => study.studyInstanceUid),
    );
    for (const [i, dataset] of datasets.entries()) assert.equal(dataset.StudyDescription, studies[i]!.description);
    assert.equal(String(datasets[1]!.PatientName), "Παπαδόπουλος^Νίκος");
  });

  test("ask for nothing to be fetched when the generated head is wanted", () => assert.deepEqual(said, []));

  test("have the same UIDs in every run", async () => {
    const someOf = (study: DemoStudy) => filesOf(study).filter((_, i) => i % 10 === 0);
    const uids = (made: DemoStudy[]) => made.flatMap(someOf).map((file) => readDataset(file).SOPInstanceUID);
    const [first, again] = [uids(studies), uids(await make())];
    assert.deepEqual(again, first);
    assert.equal(new Set(first).size, first.length);
  });

  test("are valid CT images", () => {
    const series = studies.slice(0, 5).flatMap((study) => [...(study.portions() as Iterable<Uint8Array[]>)]);
    assert.equal(series.length, 9);
    for (const files of series) {
      const file = path.join(dir, "instance.dcm");
      writeFileSync(file, files.at(-1)!);
      assert.deepEqual(iodErrors(file), []);
    }
  });

  test("give the series selection something to choose: not the localizer, not the bone kernel, not the chest", async () => {
    const folder = path.join(dir, "studies");
    mkdirSync(folder);
    for (const [i, bytes] of studies.slice(0, 4).flatMap(filesOf).entries()) {
      writeFileSync(path.join(folder, `${i}.dcm`), bytes);
    }
    const { selection: settings } = loadConfig({}, {}, dir);
    const found = new Map((await openFolder(folder)).map((study) => [study.studyInstanceUid, study]));
    for (const { studyInstanceUid, expected } of studies.slice(0, 4)) {
      const selection = selectSeries(await found.get(studyInstanceUid)!.listInstances(), settings);
      const chosen = selection.series.filter((series) => series.chosen).map(({ description }) => description);
      if (expected?.state === "reported") assert.deepEqual(chosen, ["Head 5.0 H31s"]);
      else assert.equal(selection.reason, "no-head");
    }
  });

  test("lack slices in the middle of the head only where they say so", () => {
    const positions = (study: DemoStudy) =>
      filesOf(study)
        .map((file) => Number(readDataset(file).SliceLocation))
        .sort((a, b) => a - b);
    const steps = (mm: number[]) => new Set(mm.slice(1).map((at, i) => at - mm[i]!));
    assert.deepEqual(steps(positions(studies[3]!)), new Set([5, 20]));
    assert.deepEqual(steps(positions(studies[4]!)), new Set([5]));
  });
});

describe("studies of one's own", () => {
  test("come from several folders, one in two of them as one study, and what cannot be read is said", async () => {
    const [first, second] = [path.join(dir, "own-1"), path.join(dir, "own-2")];
    for (const folder of [first, second]) mkdirSync(folder);
    const files = imagesOf(headStudy("own"));
    for (const [i, bytes] of files.entries()) writeFileSync(path.join(i < 10 ? first : second, `${i}.dcm`), bytes);
    writeFileSync(path.join(first, "notes.txt"), "no image");
    writeFileSync(path.join(second, "cut.dcm"), files[0]!.subarray(0, 400));
    const said: string[] = [];
    const [study, ...others] = await ownStudies([first, second], (line) => said.push(line));
    assert.ok(study !== undefined && others.length === 0);
    assert.deepEqual([study.description, study.expected], ["yours: CT head", null]);
    const sent = [];
    for await (const portion of study.portions()) sent.push(...portion);
    assert.equal(sent.length, files.length);
    assert.match(said[0]!, /own-1: 1 study; 1 file without DICOM images left out$/);
    assert.match(said[1]!, /own-2: 1 study; 1 not readable: .*cut\.dcm .*cut off/);
  });

  test("are refused where there are none", async () => {
    const empty = path.join(dir, "empty");
    mkdirSync(empty);
    for (const folder of [empty, path.join(dir, "nowhere")]) {
      await assert.rejects(
        ownStudies([folder], () => {}),
        { code: "usage-invalid", message: /--dicom: there is no/ },
      );
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
      // The localizer, and the slices with two kernels.
      assert.equal(filesOf(studies[0]!).length, 1 + 2 * headPhantom().slices);
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

function filesOf({ portions }: DemoStudy): Uint8Array[] {
  return [...(portions() as Iterable<Uint8Array[]>)].flat();
}

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

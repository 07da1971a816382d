import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, suite, test } from "node:test";
import { LABELS, perLabel } from "../../src/contract/labels.ts";
import { ctSeries } from "../../src/phantom/ct-series.ts";
import { headPhantom } from "../../src/phantom/phantoms.ts";
import { randomNumbers } from "../../src/random.ts";
import type { Dataset } from "../../src/training/dataset/dataset.ts";
import type { InstanceRecord } from "../../src/training/dataset/instance-record.ts";
import { LabelIndex } from "../../src/training/dataset/resolve-labels.ts";
import { type Exploration, exploreDataset } from "../../src/training/explore/explore.ts";
import { LabelHints } from "../../src/training/explore/label-hints.ts";
import { LabelSurvey } from "../../src/training/explore/label-survey.ts";
import { OddityList } from "../../src/training/explore/oddities.ts";
import { explorationPage } from "../../src/training/explore/report.ts";
import { SpreadSample } from "../../src/training/explore/sample.ts";
import { NumberTally } from "../../src/training/explore/tally.ts";
import { runEntry } from "../support/command.ts";
import { needs, sharedData } from "../support/shared-data.ts";
import { datasetOf } from "../support/small-dataset.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

suite("a data set of RSNA's own files and a phantom", needs("rsna-slices"), () => {
  const phantom = temporaryFolder();
  const out = temporaryFolder();
  let dataset: Dataset;
  let found: Exploration;
  let positive: Record<string, number>;

  before(async () => {
    const rsna = sharedData("rsna-slices");
    const [header, ...lines] = readFileSync(path.join(rsna, "labels.csv"), "utf8").trim().split(/\r?\n/);
    const names = header!.split(",");
    const labels = new Map(
      lines.map((line) => {
        const cells = line.split(",");
        return [cells[0]!.replace(".dcm", ""), perLabel((label) => (cells[names.indexOf(label)] === "1" ? 1 : 0))];
      }),
    );
    positive = perLabel((label) => [...labels.values()].filter((values) => values[label] === 1).length);
    const { instances } = ctSeries(headPhantom(), {
      studyKey: "explore",
      patientName: "Phantom",
      patientId: "P1",
      studyDescription: "Head",
    });
    for (const { sopInstanceUid, bytes } of instances)
      writeFileSync(path.join(phantom, `${sopInstanceUid}.dcm`), bytes);
    const folders = [path.join(rsna, "dicom"), phantom];
    dataset = await datasetOf(path.join(out, "set"), folders, ({ sop }) => labels.get(sop));
    found = await exploreDataset(dataset, { looked: 20 });
  });

  test("counts patients, studies, images and labels as they are", () => {
    assert.equal(found.slices, 112 + 30);
    assert.equal(found.labels.slices.any.known, 84);
    assert.equal(found.labels.unlabelledSlices, found.slices - 84);
    for (const label of LABELS) assert.equal(found.labels.slices[label].positive, positive[label]);
    assert.equal(
      found.labels.subtypesPerSlice.reduce((sum, n) => sum + n),
      84,
    );
    assert.equal(found.labels.coOccurrence.any.any, positive.any);
    assert.equal(found.labels.correlation.any.any?.toFixed(6), "1.000000");
  });

  test("tells how the images were made, and what is odd about some", () => {
    const { rescaleIntercept, windows, bitsStored } = found.attributes;
    assert.equal(rescaleIntercept?.known, found.slices);
    assert.ok(windows?.kind === "category" && windows.distinct > 1);
    assert.ok(bitsStored?.kind === "category");
    const codes = found.oddities.map(({ code }) => code);
    assert.ok(codes.includes("spacing-extreme"), codes.join());
    assert.ok(codes.includes("size-other"), "the phantom is 256 x 256");
  });

  test("shows nine pictures of a class, or as many as there are, in four windows", () => {
    const normal = found.galleries.find(({ of }) => of === "normal");
    assert.equal(normal?.pictures.length, 9);
    assert.equal(normal?.pictures[0]?.shown.length, 4);
    const patients = new Set(normal?.pictures.map(({ key }) => key));
    assert.equal(patients.size, 9);
    for (const { of, pictures } of found.galleries)
      if (of !== "normal") assert.equal(pictures.length, Math.min(9, positive[of]!), of);
    assert.ok(found.huOfHead.counts.some((count) => count > 0));
  });

  test("makes one page that needs no network", () => {
    const page = explorationPage(found, dataset.manifest);
    assert.ok(page.includes("default-src &#39;none&#39;"));
    assert.ok(!/<script|src="http|href="http|@import|url\(/.test(page));
    for (const { code, examples } of found.oddities) assert.ok(page.includes(examples[0]!), code);
  });

  test("the command writes the page and prints the figures", async () => {
    const report = path.join(out, "report.html");
    const { code, stdout, stderr } = await runEntry("src/cli.ts", [
      ...["dataset", "explore", dataset.dir, "--out", report, "--pixels", "5", "--compare", "20", "--json"],
    ]);
    assert.equal(code, 0, stderr);
    const printed = JSON.parse(stdout);
    assert.deepEqual(printed.labels.any, { positive: positive.any, known: 84, share: positive.any! / 84 });
    assert.equal(printed.slices, 142);
    assert.ok(
      printed.oddities.every((oddity: { code: string; count: number; examples: string[] }) => oddity.count > 0),
    );
    assert.match(readFileSync(report, "utf8"), /^<!doctype html>/);
  });

  test("the same seed shows the same images", async () => {
    const again = await exploreDataset(dataset, { looked: 20 });
    const keys = ({ galleries }: Exploration) => galleries.map(({ pictures }) => pictures.map(({ key }) => key));
    assert.deepEqual(keys(again), keys(found));
  });
});

function image(sop: string, over: Partial<InstanceRecord> = {}): InstanceRecord {
  const some = { patient: "p", study: "s", series: "r", sop, frame: null, z: 0, pixelHash: sop.padEnd(64, "0") };
  return { ...some, ...over } as InstanceRecord;
}

function indexOf(any: Record<string, 0 | 1>): LabelIndex {
  const index = new LabelIndex();
  for (const [sop, value] of Object.entries(any)) {
    const labels = { ...perLabel(() => 0 as const), any: value, subdural: value };
    index.add({ study: "s", sop, labels, source: "test", reader: "", at: "" });
  }
  return index;
}

test("identical pixels with different labels, and under two patients, are named", () => {
  const oddities = new OddityList();
  const hints = new LabelHints(indexOf({ a: 1, b: 0 }), oddities);
  hints.addImages([image("a", { pixelHash: "1".repeat(64) })]);
  hints.addImages([image("b", { pixelHash: "1".repeat(64), patient: "q" })]);
  assert.deepEqual(
    oddities.list().map(({ code, examples }) => [code, examples]),
    [
      ["pixels-shared", ["b"]],
      ["pixels-contradict", ["b"]],
    ],
  );
});

test("one positive slice among negatives is worth a look, and so is the reverse", () => {
  const oddities = new OddityList();
  const any = { a: 0, b: 1, c: 0, d: 1, e: 1 } as const;
  new LabelHints(indexOf(any), oddities).addImages(Object.keys(any).map((sop, z) => image(sop, { z })));
  assert.deepEqual(
    oddities.list().map(({ code, examples }) => [code, examples]),
    [
      ["positive-alone", ["b"]],
      ["negative-alone", ["c"]],
    ],
  );
});

test("a study is positive where one of its images is, a patient where one of the studies is", () => {
  const survey = new LabelSurvey(indexOf({ a: 0, b: 1, c: 0 }));
  survey.addStudy("p", "s", [image("a"), image("b")]);
  survey.addStudy("p", "t", [image("c", { study: "t" })]);
  const { slices, studies, patients } = survey.summary();
  assert.deepEqual(
    [slices.any, studies.any, patients.any].map(({ positive, known }) => [positive, known]),
    [
      [1, 3],
      [1, 2],
      [1, 1],
    ],
  );
});

test("a label file without its images is counted all the same", () => {
  const { slices, labelsWithoutImage } = new LabelSurvey(indexOf({ a: 0, b: 1 })).summary();
  assert.deepEqual([slices.any.positive, slices.any.known, labelsWithoutImage], [1, 2, 2]);
});

test("a sample takes one of each patient while there are enough of them, and every image has its chance", () => {
  const chosen = new Set<string>();
  for (let seed = 0; seed < 200; seed++) {
    const sample = new SpreadSample<string>(3, randomNumbers(seed));
    for (const item of ["a1", "a2", "a3", "b1", "c1", "d1"]) sample.add(item[0]!, item);
    const items = sample.items();
    assert.equal(new Set(items.map((item) => item[0])).size, 3);
    for (const item of items) chosen.add(item);
  }
  assert.equal(chosen.size, 6);
});

test("with fewer patients than places it takes several of one", () => {
  const sample = new SpreadSample<string>(3, randomNumbers(1));
  for (const item of ["a1", "a2", "a3", "b1"]) sample.add(item[0]!, item);
  const items = sample.items();
  assert.equal(new Set(items).size, 3);
  assert.ok(items.includes("b1"));
});

test("numbers are summed up to the step that was asked for", () => {
  const tally = new NumberTally(0.1);
  for (const value of [1, 2, 3, 4, 5, null, Number.NaN]) tally.add(value);
  const { known, missing, min, median, max, histogram } = tally.summary();
  assert.deepEqual({ known, missing, min, median, max }, { known: 5, missing: 2, min: 1, median: 3, max: 5 });
  assert.equal(
    histogram?.counts.reduce((sum, n) => sum + n),
    5,
  );
});

test("the same head under two patients is found by what it shows, however it is stored", async () => {
  const [files, dir] = [temporaryFolder(), temporaryFolder()];
  for (const patientId of ["A", "B"]) {
    const told = { studyKey: `twin ${patientId}`, patientName: patientId, patientId, studyDescription: "Head" };
    for (const { sopInstanceUid, bytes } of ctSeries(headPhantom(), told).instances.slice(12, 18))
      writeFileSync(path.join(files, `${sopInstanceUid}.dcm`), bytes);
  }
  const twins = await datasetOf(path.join(dir, "set"), [files], () => undefined);
  const { oddities, copies } = await exploreDataset(twins, { looked: 0 });
  assert.equal(oddities.find(({ code }) => code === "look-alike")?.count, 6);
  assert.equal(copies.compared, 12);
});

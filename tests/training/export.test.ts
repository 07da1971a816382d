import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { after, before, suite, test } from "node:test";
import { Dataset } from "../../src/training/dataset/dataset.ts";
import { contentsOf, endedAfter, runExport } from "../support/exporting.ts";
import { TestPacs } from "../support/pacs.ts";
import { needs, sharedData } from "../support/shared-data.ts";
import { filesOf } from "../support/studies.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { tinyStudy } from "../support/tiny-studies.ts";
import { WatchedPacs } from "../support/watched-pacs.ts";

const PHANTOMS = 51;
const REAL_SLICES = 8;
const ALL_CT = ["--query", "ModalitiesInStudy=CT"];

suite("an export of 60 studies", needs("dcm-qa-ct", "rsna-slices"), () => {
  let pacs: TestPacs;
  let watched: WatchedPacs;
  let whole: string;

  before(async () => {
    pacs = await TestPacs.start();
    for (let i = 0; i < PHANTOMS; i++) await pacs.send(filesOf(tinyStudy(`Phantom ${i}`)));
    await pacs.send(realImages("dcm-qa-ct", "In", "GE"));
    await pacs.send(realImages("rsna-slices", "dicom").slice(0, REAL_SLICES));
    watched = await WatchedPacs.start(pacs.url);
    whole = path.join(temporaryFolder(), "whole");
  });
  after(async () => {
    watched.stop();
    await pacs.close();
  });
  const from = () => ["--pacs", watched.dicomweb, ...ALL_CT, "--series", "all"];

  test("is a data set of all of them, by no more requests at a time than allowed", async () => {
    const { code, stderr, result } = await runExport("--out", whole, ...from(), "--requests", "3");
    assert.equal(code, 0, stderr);
    assert.deepEqual(result.skipped, []);
    assert.ok(result.studies >= 60, `${result.studies} studies`);
    assert.equal(watched.mostInFlight, 3);
    const { manifest } = await Dataset.open(whole);
    assert.equal(manifest.counts.instances, result.instances);
    assert.equal(watched.retrievals, result.instances);
  });

  test("that is killed five times and given again is the same, byte for byte", async () => {
    const out = path.join(temporaryFolder(), "whole");
    for (const studies of [3, 12, 21, 38, 51]) {
      await endedAfter(studies, "SIGKILL", out, ...from());
      assert.ok(!existsSync(path.join(out, "dataset.json")), "nobody takes it for whole");
    }
    assert.equal((await runExport("--out", out, ...from())).code, 0);
    assert.deepEqual(contentsOf(out), contentsOf(whole));
  });

  test("that is given again asks for no pixels and changes nothing", async () => {
    const before = [contentsOf(whole), watched.asked.length] as const;
    const { code, result } = await runExport("--out", whole, ...from());
    assert.equal(code, 0);
    assert.ok(result.load.requests <= 3, `${result.load.requests} requests`);
    assert.equal(watched.asked.length - before[1], result.load.requests);
    assert.deepEqual(contentsOf(whole), before[0]);
  });

  test("fetches a study anew that has grown, and no other", async () => {
    await pacs.send(filesOf(tinyStudy("Phantom 7", {}, "second")));
    const before = watched.retrievals;
    const seriesBefore = (await Dataset.open(whole)).manifest.counts.series;
    const { result } = await runExport("--out", whole, ...from());
    assert.equal(watched.retrievals - before, 16);
    const { manifest } = await Dataset.open(whole);
    assert.equal(manifest.counts.series, seriesBefore + 1);
    assert.equal(result.instances, manifest.counts.instances);
  });
});

function realImages(source: string, ...below: string[]): Uint8Array[] {
  const dir = path.join(sharedData(source), ...below);
  const names = readdirSync(dir).filter((name) => name.endsWith(".dcm"));
  return names.sort().map((name) => readFileSync(path.join(dir, name)));
}

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { studyResultSchema } from "../../src/contract/result.ts";
import { openFolder } from "../../src/dicom/folder-source.ts";
import type { StudySource } from "../../src/dicom/source.ts";
import { type CtSeries, ctSeries } from "../../src/phantom/ct-series.ts";
import { headPhantom } from "../../src/phantom/phantoms.ts";
import { analyseStudy, explainStudy } from "../../src/scoring/analyse-study.ts";
import { wasAnalysed } from "../../src/scoring/analysis.ts";
import { startAnalysisTools, type TestTools } from "../support/analysis-tools.ts";
import { rewritten } from "../support/dcmtk.ts";
import { bleedingHeadStudy, chestStudy, headStudy } from "../support/studies.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const folder = temporaryFolder();
let tools: TestTools;
before(async () => {
  tools = await startAnalysisTools();
});
after(() => tools.stop());

const HEAD = headStudy("head");

async function studyOf(files: Uint8Array[]): Promise<StudySource> {
  const dir = temporaryFolder();
  for (const [i, bytes] of files.entries()) writeFileSync(path.join(dir, `${i}.dcm`), bytes);
  const [study] = await openFolder(dir);
  return study!;
}

const bytesOf = ({ instances }: CtSeries) => instances.map(({ bytes }) => bytes);
const score = async (files: Uint8Array[]) => analyseStudy(await studyOf(files), tools, { selection: tools.selection });

describe("a head study", () => {
  test("is scored, with everything that the result promises", async () => {
    const source = await studyOf(bytesOf(bleedingHeadStudy("bleed")));
    const progress: number[] = [];
    const scored = await analyseStudy(source, tools, {
      selection: tools.selection,
      onProgress: (done) => progress.push(done),
    });
    const { result } = scored;
    studyResultSchema.parse(result);
    assert.equal(result.state, "scored");
    assert.equal(result.flag, "critical");
    assert.equal(result.reason, null);
    assert.equal(result.slices.length, 30);
    assert.ok(result.slices.every((slice, z) => slice.positionMm === z * 5 && slice.file!.endsWith(".dcm")));
    assert.deepEqual(result.model, { name: "ich-lite", version: "0.2.1" });
    assert.equal(result.provider, "cpu");
    assert.deepEqual(result.warnings, []);
    assert.equal(result.series[0]!.chosen, true);
    const { totalMs, reportMs, ...steps } = result.timings;
    assert.ok(
      Object.values(steps).every((ms) => ms > 0),
      JSON.stringify(steps),
    );
    assert.equal(reportMs, 0);
    assert.ok(totalMs >= steps.preprocessMs + steps.inferenceMs);
    assert.equal(progress.at(-1), 30);
    assert.equal(scored.attributes.patientId, "bleed");
    assert.ok(wasAnalysed(scored));
    assert.equal(Object.keys(scored.images).length, 30);
    assert.equal(scored.heatMap!.slices.length, 30);
  });

  test("has the same content hash in any order and transfer syntax, another one with other pixels", async () => {
    const few = bytesOf(HEAD);
    const original = await score(few);
    const [first, ...rest] = few;
    const bigEndian = rewritten(first!, folder, "dcmconv", "+tb");
    const same = await score([...rest.toReversed(), bigEndian]);
    assert.equal(same.contentHash, original.contentHash);
    assert.equal(same.result.probabilities!.any, original.result.probabilities!.any);
    const fewer = await score(rest);
    assert.notEqual(fewer.contentHash, original.contentHash);
  });
});

test("a series is read whatever its images are compressed by", async () => {
  const [first, ...rest] = bytesOf(HEAD);
  const { result } = await score([...rest, rewritten(first!, folder, "dcmcrle")]);
  assert.equal(result.slices.length, 30);
  assert.deepEqual(result.warnings, []);
});

describe("a study that cannot be read is a result with a reason", () => {
  test("when it is no head", async () => {
    const { result, attributes } = await score(bytesOf(chestStudy("chest")));
    studyResultSchema.parse(result);
    assert.deepEqual([result.state, result.flag, result.reason], ["not-analysed", "not-analysed", "no-head"]);
    assert.equal(result.seriesInstanceUid, null);
    assert.deepEqual([result.probabilities, result.provider, result.slices], [null, null, []]);
    assert.equal(attributes.patientId, "chest");
  });

  test("when no image of the chosen series can be decoded, which is named", async () => {
    const { result } = await score(bytesOf(HEAD).map((bytes) => bytes.subarray(0, 60_000)));
    assert.deepEqual([result.state, result.reason], ["not-analysed", "pixels-unsupported"]);
    assert.match(result.warnings.map(({ message }) => message).join(), /\d\.dcm/);
  });

  test("when its values are not HU", async () => {
    const series = ctSeries(headPhantom(), {
      studyKey: "no HU",
      patientName: "A^B",
      patientId: "1",
      studyDescription: "CT head",
      attributes: { RescaleSlope: "0" },
    });
    const { result } = await score(bytesOf(series));
    assert.deepEqual([result.state, result.reason], ["not-analysed", "values-not-hu"]);
  });

  test("when the geometry of the chosen series is unusable", async () => {
    const attributes = { PixelSpacing: undefined };
    const series = ctSeries(headPhantom(), {
      studyKey: "no spacing",
      patientName: "A^B",
      patientId: "1",
      studyDescription: "CT head",
      attributes,
    });
    const { result } = await score(bytesOf(series));
    assert.deepEqual([result.state, result.reason], ["not-analysed", "geometry-unusable"]);
    assert.match(result.warnings[0]!.message, /has no pixel spacing, like 29 more/);
  });
});

test("a series of which images are missing when it is fetched is tried again, not scored", async () => {
  const complete = await studyOf(bytesOf(HEAD));
  const losing: StudySource = {
    studyInstanceUid: complete.studyInstanceUid,
    listInstances: () => complete.listInstances(),
    async *readInstances(images) {
      let count = 0;
      for await (const instance of complete.readInstances(images)) if (count++ < 20) yield instance;
    },
  };
  await assert.rejects(analyseStudy(losing, tools, { selection: tools.selection }), {
    code: "study-incomplete",
    kind: "transient",
    message: /only 20 of 30 images/,
  });
});

test("what was noticed while looking for the study is in its result", async () => {
  const { result } = await score([...bytesOf(HEAD), bytesOf(HEAD)[0]!.subarray(0, 300)]);
  assert.equal(result.state, "scored");
  assert.deepEqual(
    result.warnings.map(({ code }) => code),
    ["file-unreadable"],
  );
});

test("an aborted study is interrupted", async () => {
  const source = await studyOf(bytesOf(HEAD));
  const controller = new AbortController();
  const aborted = analyseStudy(source, tools, {
    selection: tools.selection,
    signal: controller.signal,
    onProgress: () => controller.abort(),
  });
  await assert.rejects(aborted, { code: "interrupted" });
});

test("explaining a study says which series would be read, without reading it", async () => {
  const { reason, series } = await explainStudy(await studyOf(bytesOf(HEAD)), tools.selection);
  assert.equal(reason, null);
  assert.equal(series.find(({ chosen }) => chosen)!.seriesInstanceUid, HEAD.seriesInstanceUid);
  const chest = await explainStudy(await studyOf(bytesOf(chestStudy("explained"))), tools.selection);
  assert.equal(chest.reason, "no-head");
});

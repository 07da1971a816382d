import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { z } from "zod";
import { studyResultSchema } from "../../src/contract/result.ts";
import { ctSeries } from "../../src/phantom/ct-series.ts";
import { withBleed } from "../../src/phantom/hu-volume.ts";
import { chestPhantom, headPhantom, PHANTOM_BLEED } from "../../src/phantom/phantoms.ts";
import { type RunningOrthanc, startOrthanc } from "../../src/setup/orthanc.ts";
import { runEntry } from "../support/command.ts";

const scoreOutput = z.object({ studies: z.array(studyResultSchema) });
const vigil = (...args: string[]) => runEntry("src/cli.ts", args);

describe("The vigil command", () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), "vigil-cli-"));
  const headDir = path.join(dir, "head");
  const head = ctSeries(withBleed(headPhantom(), PHANTOM_BLEED), {
    studyKey: "cli head",
    patientName: "Head^Bleeding",
    patientId: "CLI1",
    studyDescription: "CT head",
  });
  let orthanc: RunningOrthanc;

  before(async () => {
    mkdirSync(headDir);
    for (const { sopInstanceUid, bytes } of head.instances) writeFileSync(path.join(headDir, sopInstanceUid), bytes);
    orthanc = await startOrthanc({ dir: path.join(dir, "orthanc") });
    for (const { bytes } of head.instances) {
      await fetch(`${orthanc.url}/instances`, { method: "POST", body: new Uint8Array(bytes) });
    }
  });
  after(async () => {
    await orthanc.stop();
    rmSync(dir, { recursive: true });
  });

  test("scores a folder, prints the result as JSON, and writes the report where it is told", async () => {
    const out = path.join(dir, "out");
    const run = await vigil("score", headDir, "--json", "--out", out);
    assert.equal(run.code, 0, run.stderr);
    const [result, ...others] = scoreOutput.parse(JSON.parse(run.stdout)).studies;
    assert.ok(result !== undefined && others.length === 0);
    assert.equal(result.studyInstanceUid, head.studyInstanceUid);
    assert.equal(result.flag, "critical");
    assert.equal(result.slices.length, head.instances.length);
    assert.ok(result.slices.every((slice) => slice.file !== null));
    const report = readFileSync(path.join(out, head.studyInstanceUid, "report.dcm"));
    assert.equal(report.toString("latin1", 128, 132), "DICM");
  });

  test("scores a study that lies in the PACS, with the same outcome", async () => {
    const [fromFolder, fromPacs] = await Promise.all([
      vigil("score", headDir, "--json"),
      vigil("score", head.studyInstanceUid, "--json", "--pacs", orthanc.dicomweb),
    ]);
    assert.equal(fromPacs.code, 0, fromPacs.stderr);
    const [a] = scoreOutput.parse(JSON.parse(fromFolder.stdout)).studies;
    const [b] = scoreOutput.parse(JSON.parse(fromPacs.stdout)).studies;
    assert.deepEqual(b?.probabilities, a?.probabilities);
    assert.deepEqual(b?.findings, a?.findings);
    assert.ok(b?.slices.every((slice) => slice.file === null));
  });

  test("prints a result for people, with the words research use only", async () => {
    const run = await vigil("score", headDir);
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /▲ Critical/);
    assert.match(run.stdout, /Research use only/);
  });

  test("answers each study of a folder on its own, also beside one that cannot be read", async () => {
    const folder = path.join(dir, "several");
    mkdirSync(folder);
    const other = ctSeries(headPhantom(), {
      studyKey: "cli broken",
      patientName: "B",
      patientId: "2",
      studyDescription: "CT head",
    });
    for (const [i, { bytes }] of other.instances.entries())
      writeFileSync(path.join(folder, `b${i}`), bytes.subarray(0, 60_000));
    for (const [i, { bytes }] of head.instances.entries()) writeFileSync(path.join(folder, `a${i}`), bytes);
    const run = await vigil("score", folder, "--json");
    assert.equal(run.code, 0, run.stderr);
    const { studies } = scoreOutput.parse(JSON.parse(run.stdout));
    const states = new Map(studies.map((study) => [study.studyInstanceUid, [study.state, study.reason]]));
    assert.deepEqual(states.get(other.studyInstanceUid), ["not-analysed", "pixels-unsupported"]);
    assert.deepEqual(states.get(head.studyInstanceUid), ["scored", null]);
  });

  test("explains which series it takes, and says so when there is none", async () => {
    const chestDir = path.join(dir, "chest");
    const chest = ctSeries(chestPhantom(), {
      studyKey: "cli chest",
      patientName: "Chest",
      patientId: "CLI2",
      studyDescription: "CT chest",
      seriesDescription: "Chest 5.0 B30f",
      bodyPart: "CHEST",
    });
    mkdirSync(chestDir);
    for (const instance of chest.instances) writeFileSync(path.join(chestDir, instance.sopInstanceUid), instance.bytes);
    const taken = await vigil("explain", head.studyInstanceUid, "--pacs", orthanc.dicomweb);
    assert.equal(taken.code, 0, taken.stderr);
    assert.match(taken.stdout, /→ Head 5\.0 H31s/);
    const none = await vigil("explain", chestDir);
    assert.equal(none.code, 0, none.stderr);
    assert.match(none.stdout, /nothing to read: no head CT series/);
  });

  test("finds what is wrong with an installation, and says what to do", async () => {
    const well = await vigil("doctor", "--json", "--data", path.join(dir, "data"), "--pacs", orthanc.dicomweb);
    assert.equal(well.code, 0, well.stdout + well.stderr);
    const ill = await vigil("doctor", "--data", path.join(dir, "data"), "--pacs", "http://127.0.0.1:9/dicom-web");
    assert.equal(ill.code, 1);
    assert.match(ill.stdout, /✓ data folder +private\n/);
    assert.match(ill.stdout, /✗ pacs .*\n\s+→ .*--pacs/);
    for (const address of [orthanc.dicomweb, "http://127.0.0.1:9/dicom-web"]) {
      const secret = address.replace("//", "//vigil:geheim@");
      const { stdout, stderr } = await vigil("doctor", "--data", path.join(dir, "data"), "--pacs", secret);
      assert.ok(stdout.includes(address));
      assert.doesNotMatch(stdout + stderr, /vigil:|geheim/);
    }
  });

  test("ends with code 2 and a helpful line when it is used wrongly", async () => {
    for (const [args, message] of [
      [["score"], /missing required argument/],
      [["score", "/no/such/folder"], /neither a file or folder nor a Study Instance UID/],
      [["score", "1.2.3", "--data", dir], /no PACS is set/],
      [["score", headDir, "--model", "no model"], /NAME or NAME@VERSION/],
      [["serve", "--port", "99999"], /server\.port/],
      [["flurb"], /unknown command/],
    ] as const) {
      const run = await vigil(...args);
      assert.equal(run.code, 2, `${args.join(" ")}: ${run.stderr}`);
      assert.match(run.stderr, message);
      assert.equal(run.stdout, "");
    }
  });

  test("ends with code 1 when a study or a model does not exist", async () => {
    const study = await vigil("score", "1.2.3", "--pacs", orthanc.dicomweb);
    assert.equal(study.code, 1);
    assert.match(study.stderr, /study-not-in-pacs/);
    const model = await vigil("score", headDir, "--model", "no-such-model");
    assert.equal(model.code, 1);
    assert.match(model.stderr, /model-not-found/);
  });
});

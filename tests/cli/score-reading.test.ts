import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { runEntry } from "../support/command.ts";
import { inRsnaForm, rsnaUid } from "../support/rsna-form.ts";
import { bleedingHeadStudy, filesOf, headStudy } from "../support/studies.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { errorsBesideUids, printedReport } from "../support/validators.ts";

const vigil = (...args: string[]) => runEntry("src/cli.ts", args);

function folderOf(files: Uint8Array[]): string {
  const dir = temporaryFolder();
  for (const [i, bytes] of files.entries()) writeFileSync(path.join(dir, `${i}.dcm`), bytes);
  return dir;
}

describe("vigil score", () => {
  test("says of a head with a gap that it is undetermined and what was not seen", async () => {
    const run = await vigil("score", folderOf(filesOf(headStudy("gap")).filter((_, z) => z < 13 || z > 15)));
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /◆ Undetermined.*gap of 20 mm/);
    assert.match(run.stdout, /◆ not seen: There is a gap of 20\.0 mm/);
    assert.doesNotMatch(run.stdout, /Negative|No bleed/i);
  });

  test("says the same of one whose slices are cut off, and of one of which all are", async () => {
    const cut = filesOf(headStudy("cut")).map((file, z) => (z % 7 === 3 ? file.subarray(0, 60_000) : file));
    const some = await vigil("score", folderOf(cut));
    assert.match(some.stdout, /◆ Undetermined.*4 slices not read/);
    const all = await vigil("score", folderOf(cut.map((file) => file.subarray(0, 60_000))));
    assert.doesNotMatch(all.stdout, /negative/i);
    assert.match(all.stdout, /cannot be read whole: .* cut off/);
  });

  test("reads a study in RSNA's form and writes a report that names its UIDs as they are", async () => {
    const series = bleedingHeadStudy("RSNA's form");
    const uid = rsnaUid(series.studyInstanceUid);
    const out = temporaryFolder();
    const run = await vigil("score", folderOf(filesOf(series).map(inRsnaForm)), "--out", out, "--json");
    assert.equal(run.code, 0, run.stderr);
    const [study] = JSON.parse(run.stdout).studies;
    assert.deepEqual([study.studyInstanceUid, study.flag, study.slices.length], [uid, "critical", 30]);
    assert.match(JSON.stringify(study.warnings), new RegExp(`UIDs that DICOM does not allow.*${uid}`));
    const report = path.join(out, uid, "report.dcm");
    assert.match(printedReport(report, "-Ev"), /Intracranial hemorrhage.*=\(52101004,SCT,"Present"\)/);
    assert.deepEqual(errorsBesideUids(report), []);
    const bytes = readFileSync(report);
    const keySlice = study.findings.find(({ label }: { label: string }) => label === "any").keySlices[0];
    for (const odd of [rsnaUid(series.seriesInstanceUid), keySlice.sopInstanceUid]) assert.ok(bytes.includes(odd), odd);
  });
});

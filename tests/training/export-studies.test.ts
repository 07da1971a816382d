import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, suite, test } from "node:test";
import { PIXEL_DATA, parsePart10 } from "../../src/dicom/part10.ts";
import { TRANSFER_SYNTAX } from "../../src/dicom/uids.ts";
import { enhancedCt } from "../../src/phantom/enhanced-ct.ts";
import { Dataset } from "../../src/training/dataset/dataset.ts";
import type { InstanceRecord } from "../../src/training/dataset/instance-record.ts";
import { rewritten } from "../support/dcmtk.ts";
import { runExport } from "../support/exporting.ts";
import { TestPacs } from "../support/pacs.ts";
import { filesOf } from "../support/studies.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { tinyHead, tinyStudy } from "../support/tiny-studies.ts";
import { VigilProcess } from "../support/vigil-process.ts";

const work = temporaryFolder();
const compressed = (files: Uint8Array[]) => files.map((file) => rewritten(file, work, "dcmcjpls"));

/** One whose compressed pixels nobody can read. */
function broken(file: Uint8Array): Uint8Array {
  const bytes = Buffer.from(file);
  const { fragments } = parsePart10(bytes, "a file").elements[PIXEL_DATA]!;
  const { position, length } = fragments![0]!;
  bytes.fill(0x55, position + 40, position + length);
  return bytes;
}

suite("the studies of an export", () => {
  let pacs: TestPacs;
  const sets = temporaryFolder();
  const from = (name: string) => ["--pacs", pacs.config().dicomweb, "--out", path.join(sets, name)];
  const soft = tinyStudy("Two series");
  const squeezed = tinyStudy("Squeezed");
  const torn = tinyStudy("Torn");
  const ruined = tinyStudy("Ruined");
  const undated = tinyStudy("Undated", { StudyDate: "" });
  const early = tinyStudy("Early", { StudyDate: "20250301" });
  const frames = { studyKey: "Frames", patientName: "Frames^Test", patientId: "Frames", studyDescription: "CT head" };

  before(async () => {
    pacs = await TestPacs.start();
    const bone = { ConvolutionKernel: "H70h", SeriesDescription: "Head bone 5.0 H70h", SeriesNumber: 3 };
    await pacs.send([...filesOf(soft), ...filesOf(tinyStudy("Two series", bone, "bone"))]);
    await pacs.send(compressed(filesOf(squeezed)));
    await pacs.send(compressed(filesOf(torn)).map((file, i) => (i === 3 ? broken(file) : file)));
    await pacs.send(compressed(filesOf(ruined)).map((file, i) => (i < 4 ? broken(file) : file)));
    await pacs.send([...filesOf(undated), ...filesOf(early)]);
    await pacs.send([enhancedCt(tinyHead(), { ...frames, studyDate: "20260115" })]);
  });
  after(() => pacs.close());

  async function recordsOf(name: string, study: string): Promise<InstanceRecord[]> {
    const records: InstanceRecord[] = [];
    for await (const record of (await Dataset.open(path.join(sets, name))).instances())
      if (record.study === study) records.push(record);
    return records;
  }

  test("are the series that Vigil would read, or all CT images", async () => {
    await runExport(...from("chosen"), "--study", soft.studyInstanceUid);
    const chosen = await recordsOf("chosen", soft.studyInstanceUid);
    assert.deepEqual([...new Set(chosen.map(({ series }) => series))], [soft.seriesInstanceUid]);
    const { result } = await runExport(...from("all"), "--study", soft.studyInstanceUid, "--series", "all");
    assert.equal(result.series, 2);
  });

  test("keep an image that cannot be decoded, and say so; are left out where many cannot", async () => {
    const { result } = await runExport(...from("torn"), "--study", torn.studyInstanceUid, ruined.studyInstanceUid);
    const records = await recordsOf("torn", torn.studyInstanceUid);
    assert.deepEqual(
      records.map(({ problem }) => problem?.code ?? null),
      [null, null, null, "dicom-unreadable", null, null, null, null],
    );
    const [skipped] = result.skipped;
    assert.equal(skipped.studyInstanceUid, ruined.studyInstanceUid);
    assert.equal(skipped.reason, "dicom-unreadable");
    assert.match(skipped.message, /4 of 8 images of a series cannot be decoded/);
  });

  test("can be written with plain pixels, and show the same", async () => {
    for (const form of ["stored", "decoded"]) {
      await runExport(...from(form), "--study", squeezed.studyInstanceUid, "--transfer-syntax", form);
    }
    const [stored, decoded] = [
      await recordsOf("stored", squeezed.studyInstanceUid),
      await recordsOf("decoded", squeezed.studyInstanceUid),
    ];
    assert.deepEqual(
      [stored[0]!.transferSyntax, decoded[0]!.transferSyntax],
      [TRANSFER_SYNTAX.jpegLsLossless, TRANSFER_SYNTAX.explicitLittleEndian],
    );
    const hu = async (name: string, record: InstanceRecord) =>
      (await (await Dataset.open(path.join(sets, name))).readPixels(record))[0]!.hu;
    for (const [i, record] of stored.entries())
      assert.deepEqual(await hu("decoded", decoded[i]!), await hu("stored", record));
  });

  test("may hold many frames in one object, and have no date", async () => {
    const { result } = await runExport(...from("query"), "--query", "PatientID=Frames");
    assert.deepEqual([result.studies, result.instances], [1, 8]);
    const dated = await runExport(
      ...from("dated"),
      "--since",
      "2026-01-01",
      "--until",
      "20261231",
      "--query",
      "PatientID=*u*",
    );
    assert.match(dated.stderr, /1 CT studies without a date, which no search by date finds/);
    assert.deepEqual([dated.result.studies, dated.result.skipped.length], [1, 1]);
    const list = path.join(work, "list.txt");
    writeFileSync(list, `StudyInstanceUID\n# the one without a date\n${undated.studyInstanceUid}\n`);
    assert.equal((await runExport(...from("undated"), "--studies", list)).result.studies, 1);
  });

  test("are named by flags that can be understood", async () => {
    const refused = async (...flags: string[]) => {
      const { code, stderr } = await runExport(...from("refused"), ...flags);
      assert.equal(code, 2, stderr);
      return stderr;
    };
    assert.match(await refused(), /which studies\?/);
    assert.match(await refused("--query", "limit=1"), /--query takes an attribute and its value/);
    assert.match(await refused("--since", "2026-02-31"), /--since takes a day/);
    assert.match(await refused("--study", "not/a/uid"), /no Study Instance UID/);
    assert.match(await refused("--flag", "red"), /--flag takes critical/);
    assert.match(await refused("--key", "k", "--study", early.studyInstanceUid), /--key belongs to --deidentify/);
  });

  test("can be those that a running Vigil has flagged, or a reader answered", async () => {
    const vigil = new VigilProcess(pacs.config({ lookBackDays: 1000 }));
    try {
      await vigil.start();
      await vigil.until((studies) => studies.length === 7 && studies.every(({ flag }) => flag !== "pending"));
      const expected = (await vigil.worklist()).filter(({ flag }) => flag === "not-analysed");
      const { code, stderr, result } = await runExport(
        ...from("flag"),
        "--flag",
        "not-analysed",
        "--api",
        vigil.url,
        "--series",
        "all",
      );
      assert.equal(code, 0, stderr);
      assert.equal(result.studies + result.skipped.length, expected.length);
      assert.ok(expected.length > 0 && expected.length < 7);

      const answer = await fetch(`${vigil.url}/api/studies/${soft.studyInstanceUid}/feedback`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: vigil.url },
        body: JSON.stringify({ decision: "reject", label: "any", reader: "A reader" }),
      });
      assert.equal(answer.status, 201);
      await runExport(...from("feedback"), "--feedback", "--api", vigil.url);
      assert.equal((await recordsOf("feedback", soft.studyInstanceUid)).length, 8);
    } finally {
      await vigil.close();
    }
  });
});

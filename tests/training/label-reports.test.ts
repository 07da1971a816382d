import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { FINDING_CODES, PRESENCE_CODES } from "../../src/contract/finding-codes.ts";
import { CODES, type CodedConcept } from "../../src/contract/report-codes.ts";
import { encodeDicom } from "../../src/dicom/encode.ts";
import { SOP_CLASS } from "../../src/dicom/uids.ts";
import {
  type ContentItem,
  codeItem,
  containerItem,
  imageItem,
  rootContainer,
  textItem,
} from "../../src/reports/content-item.ts";
import { buildStructuredReport } from "../../src/reports/structured-report.ts";
import { Dataset } from "../../src/training/dataset/dataset.ts";
import { Pseudonyms } from "../../src/training/export/deidentify/pseudonyms.ts";
import { datasetCommand, datasetJson, labelsIn } from "../support/imported.ts";
import { madeDataset } from "../support/made-dataset.ts";
import { scoredStudy } from "../support/scored-study.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

interface Told {
  added: number;
  known: number;
  reports: number;
  otherStudies: number;
  otherFindings: Record<string, number>;
  unreadable: string[];
  skipped: { count: number };
}

const fromSr = (dir: string, reports: string, ...more: string[]) =>
  datasetJson<Told>("label", dir, "--from-sr", reports, ...more);

/** A data set of one study, and an empty folder for reports. */
async function studyOf(study: string, images: string[]): Promise<{ dir: string; reports: string }> {
  const folder = temporaryFolder();
  const [dir, reports] = [path.join(folder, "set"), path.join(folder, "reports")];
  await madeDataset(dir, [{ patient: "A", study, images }]);
  mkdirSync(reports);
  return { dir, reports };
}

/** A report as another maker would write it. */
function otherReport(study: string, content: ContentItem[]): Uint8Array {
  const person: CodedConcept = { value: "121008", scheme: "DCM", meaning: "Person Observer Name" };
  return encodeDicom({
    ...{ SOPClassUID: SOP_CLASS.comprehensiveSr, SOPInstanceUID: "1.5.1", Modality: "SR", PatientID: "A1" },
    ...{ StudyInstanceUID: study, SeriesInstanceUID: "1.5", ContentDate: "20260102", ContentTime: "101500" },
    ...rootContainer(CODES.imagingMeasurementReport, "1500", [
      textItem("HAS OBS CONTEXT", person, "Rad^Anna"),
      ...content,
    ]),
  });
}

const image = (uid: string, frameNumber: number | null = null) =>
  imageItem("CONTAINS", { sopClassUid: SOP_CLASS.ctImage, sopInstanceUid: uid, frameNumber });

test("our own report labels the study by every finding, and the key image by those that are present", async () => {
  const scored = scoredStudy({
    findings: {
      subdural: { presence: "present" },
      any: { presence: "present" },
      epidural: { presence: "undetermined" },
    },
  });
  const { slices, studyInstanceUid, findings } = scored.result;
  const { dir, reports } = await studyOf(
    studyInstanceUid,
    slices.map(({ sopInstanceUid }) => sopInstanceUid),
  );
  writeFileSync(path.join(reports, "report.dcm"), buildStructuredReport(scored).bytes);
  const told = await fromSr(dir, reports);
  assert.deepEqual([told.reports, told.otherFindings, told.unreadable], [1, {}, []]);
  const labels = await (await Dataset.open(dir)).labels();
  const ofStudy = Object.keys(FINDING_CODES).map((label) => [
    label,
    labels.get(studyInstanceUid, null, label as "any"),
  ]);
  assert.deepEqual(Object.fromEntries(ofStudy), {
    ...{ epidural: null, intraparenchymal: 0, intraventricular: 0, subarachnoid: 0, subdural: 1, any: 1 },
  });
  const key = findings.find(({ label }) => label === "subdural")!.keySlices[0]!.sopInstanceUid;
  assert.deepEqual([labels.get("", key, "subdural"), labels.get("", key, "any")], [1, 1]);
  assert.equal([...labels.images()].length, 1);
  assert.match((await labelsIn(dir))[0]!.reader, /^device: Vigil/);
  assert.equal((await fromSr(dir, reports)).added, 0);
});

test("another maker's report is read by its codes: groups, sites, former SNOMED designators, frames, absent", async () => {
  const { dir, reports } = await studyOf("1.1", ["1.1.1#1", "1.1.1#2", "1.1.2"]);
  const former = (concept: CodedConcept) => ({ ...concept, scheme: "SRT" as CodedConcept["scheme"] });
  const fracture: CodedConcept = { value: "71642004", scheme: "SCT", meaning: "Fracture of skull" };
  const group = (finding: CodedConcept, ...children: ContentItem[]) =>
    containerItem("CONTAINS", CODES.measurementGroup, [codeItem("CONTAINS", CODES.finding, finding), ...children]);
  const { intraventricular, subarachnoid, epidural } = FINDING_CODES;
  const report = otherReport("1.1", [
    containerItem("CONTAINS", CODES.imagingMeasurements, [
      group(
        former(intraventricular.finding),
        codeItem("HAS CONCEPT MOD", CODES.findingSite, intraventricular.site),
        image("1.1.1", 2),
      ),
      group(subarachnoid.finding, codeItem("CONTAINS", CODES.presence, PRESENCE_CODES.absent), image("1.1.2")),
      group(fracture, image("1.1.2")),
    ]),
    containerItem("CONTAINS", CODES.qualitativeEvaluations, [
      codeItem("CONTAINS", epidural.finding, PRESENCE_CODES.absent),
    ]),
  ]);
  writeFileSync(path.join(reports, "a.dcm"), report);
  const told = await fromSr(dir, reports);
  assert.deepEqual(told.otherFindings, { "71642004 SCT (Fracture of skull)": 1 });
  const rows = (await labelsIn(dir)).map(({ sop, labels, source, reader, at }) => ({
    ...{ sop, source, reader, at },
    said: Object.entries(labels).filter(([, value]) => value !== null),
  }));
  const who = { source: "sr:1.5.1", reader: "Rad^Anna", at: "2026-01-02T10:15:00" };
  assert.deepEqual(rows, [
    {
      ...who,
      sop: "1.1.1#2",
      said: [
        ["intraventricular", 1],
        ["any", 1],
      ],
    },
    {
      ...who,
      sop: null,
      said: [
        ["intraventricular", 1],
        ["any", 1],
      ],
    },
    { ...who, sop: "1.1.2", said: [["subarachnoid", 0]] },
    { ...who, sop: null, said: [["epidural", 0]] },
  ]);
});

test("reports of other studies are passed over; images that the data set lacks are an error, unless skipped", async () => {
  const { dir, reports } = await studyOf("1.1", ["1.1.2"]);
  const group = containerItem("CONTAINS", CODES.measurementGroup, [
    codeItem("CONTAINS", CODES.finding, FINDING_CODES.any.finding),
    image("1.1.9"),
  ]);
  writeFileSync(path.join(reports, "other.dcm"), otherReport("1.7", [group]));
  writeFileSync(path.join(reports, "broken.dcm"), "no DICOM");
  const told = await fromSr(dir, reports);
  assert.deepEqual([told.otherStudies, told.reports, told.added, told.unreadable.length], [1, 0, 0, 1]);
  writeFileSync(path.join(reports, "this.dcm"), otherReport("1.1", [group]));
  const refused = await datasetCommand("label", dir, "--from-sr", reports);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /this\.dcm: it refers to image 1\.1\.9/);
  const skipped = await fromSr(dir, reports, "--skip-unknown");
  assert.deepEqual([skipped.added, skipped.skipped.count], [1, 1]);
});

test("a de-identified data set takes reports of its originals by its key, and no other", async () => {
  const folder = temporaryFolder();
  const [dir, reports, key, other] = ["set", "reports", "key", "other"].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  writeFileSync(key, `${"0f".repeat(32)}\n`);
  writeFileSync(other, "ab".repeat(32));
  mkdirSync(reports);
  const pseudonyms = Pseudonyms.ofKeyText("0f".repeat(32), key);
  const profile = { edition: "PS3.15 2024e", profile: "basic", options: [], keyId: pseudonyms.keyId };
  const [study, seen] = [pseudonyms.uid("1.1"), pseudonyms.uid("1.1.2")];
  await madeDataset(dir, [{ patient: "A", study, images: [seen] }], profile);
  const group = containerItem("CONTAINS", CODES.measurementGroup, [
    codeItem("CONTAINS", CODES.finding, FINDING_CODES.any.finding),
    image("1.1.2"),
  ]);
  writeFileSync(path.join(reports, "a.dcm"), otherReport("1.1", [group]));

  const without = await datasetCommand("label", dir, "--from-sr", reports);
  assert.match(without.stderr, /give --key FILE/);
  const wrong = await datasetCommand("label", dir, "--from-sr", reports, "--key", other);
  assert.match(wrong.stderr, /is not the key/);
  assert.deepEqual([without.code, wrong.code], [2, 2]);

  await fromSr(dir, reports, "--key", key);
  const rows = await labelsIn(dir);
  assert.deepEqual(
    rows.map((row) => [row.study, row.sop, row.labels.any]),
    [
      [study, seen, 1],
      [study, null, 1],
    ],
  );
  const { reader, at, source } = rows[0]!;
  assert.match(reader, /^V[A-Z2-7]{15}$/);
  assert.match(at, /^20(1|2)\d-\d\d-\d\dT10:15:00$/);
  assert.ok(at < "2025-01-03", `${at} is moved back`);
  assert.equal(source, `sr:${pseudonyms.uid("1.5.1")}`);
});

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { warning } from "../../src/contract/warning.ts";
import { encodeDicom } from "../../src/dicom/encode.ts";
import { buildStructuredReport, type ReportOptions } from "../../src/reports/structured-report.ts";
import { readDataset } from "../support/content-tree.ts";
import { type ScoredStudyParts, scoredStudy } from "../support/scored-study.ts";
import { iodErrors, printedReport, templateProblems } from "../support/validators.ts";

const PREDECESSOR = {
  sopClassUid: "1.2.840.10008.5.1.4.1.1.88.33",
  sopInstanceUid: "2.25.11",
  seriesInstanceUid: "2.25.12",
};
const PRESENT = { presence: "present" } as const;
const SEVERAL: ScoredStudyParts = {
  findings: {
    any: { ...PRESENT, probability: 0.9876, laterality: "bilateral" },
    subdural: { ...PRESENT, laterality: "right" },
    intraventricular: { ...PRESENT, laterality: "midline" },
    intraparenchymal: { presence: "undetermined" },
  },
};
const report = (parts: ScoredStudyParts = {}, options: ReportOptions = {}): Uint8Array =>
  buildStructuredReport(scoredStudy(parts), options).bytes;

const BROKEN = "a broken report";

describe("the structured report, in the eyes of independent validators", () => {
  const variants: Record<string, Uint8Array> = {
    "a negative study": report(),
    "an undetermined study with warnings": report({
      findings: { any: { presence: "undetermined" } },
      result: { warnings: [warning("gap", "a gap of 12 mm between slices 4 and 5", "1 gap between slices")] },
    }),
    "one finding, to the left": report({ findings: { any: { ...PRESENT, laterality: "left" } } }),
    "several findings, superseding a report": report(SEVERAL, { predecessor: PREDECESSOR }),
    "a positive finding without a place": report({ findings: { any: { ...PRESENT, keySlices: [] } } }),
    "a Greek patient name": report({ ...SEVERAL, attributes: { patientName: "Παπαδόπουλος^Νίκος" } }),
    "a name in three scripts": report({ attributes: { patientName: "Yamada^Tarou=山田^太郎=やまだ^たろう" } }),
    "the longest values": report({
      attributes: {
        patientName: `${"N".repeat(40)}^${"M".repeat(23)}`,
        patientId: "P".repeat(64),
        issuerOfPatientId: "I".repeat(64),
        studyId: "S".repeat(16),
        accessionNumber: "A".repeat(16),
        referringPhysicianName: "R".repeat(64),
        studyDescription: "D".repeat(64),
      },
    }),
    "no values at all": report({
      attributes: {
        patientName: "",
        patientId: "",
        patientBirthDate: "",
        patientSex: "",
        studyDate: "",
        studyTime: "",
        studyId: "",
        accessionNumber: "",
        studyDescription: "",
      },
    }),
    "600 slices": report({ slices: 600, findings: { any: PRESENT } }),
  };
  const dir = mkdtempSync(path.join(os.tmpdir(), "vigil-reports-"));
  const fileOf = (name: string) => path.join(dir, `${name.replaceAll(/\W/g, "-")}.dcm`);
  let problems: ReturnType<typeof templateProblems>;

  before(() => {
    writeFileSync(fileOf(BROKEN), brokenReport());
    for (const [name, bytes] of Object.entries(variants)) writeFileSync(fileOf(name), bytes);
    problems = templateProblems([BROKEN, ...Object.keys(variants)].map(fileOf));
  });
  after(() => rmSync(dir, { recursive: true }));

  for (const name of Object.keys(variants)) {
    test(`${name}: dciodvfy and DicomSRValidator find no error, dsrdump prints it`, () => {
      assert.deepEqual(iodErrors(fileOf(name)), []);
      assert.deepEqual(problems.get(fileOf(name))?.errors, []);
      // What goes beyond the template by design: presence and probability of a finding, and where it belongs.
      for (const warning of problems.get(fileOf(name))!.warnings) {
        assert.match(warning, /"(Presence|Probability|Finding Site)"\): Content Item not in template$/);
      }
      assert.match(printedReport(fileOf(name)), /Imaging Measurement Report.*Research use only/s);
    });
  }

  test("the validators do notice a broken report", () => {
    assert.notDeepEqual(iodErrors(fileOf(BROKEN)), []);
    assert.notDeepEqual(problems.get(fileOf(BROKEN))?.errors, []);
  });
});

/** A report without its verification flag, of a device without its UID. */
function brokenReport(): Uint8Array {
  const { VerificationFlag, ContentSequence, ...rest } = readDataset(report());
  const content = ContentSequence as { ConceptNameCodeSequence: { CodeValue: string }[] }[];
  const withoutUid = content.filter((item) => item.ConceptNameCodeSequence[0]!.CodeValue !== "121012");
  return encodeDicom({ ...rest, ContentSequence: withoutUid });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReportFile } from "../../src/contract/delivery.ts";
import { FINDING_CODES } from "../../src/contract/finding-codes.ts";
import { LABELS } from "../../src/contract/labels.ts";
import { warning } from "../../src/contract/warning.ts";
import { buildStructuredReport, type ReportOptions } from "../../src/reports/structured-report.ts";
import { named, readContentTree, readDataset } from "../support/content-tree.ts";
import { type ScoredStudyParts, scoredStudy } from "../support/scored-study.ts";

const NOW = new Date("2026-01-02T03:04:05");
const PREDECESSOR = {
  sopClassUid: "1.2.840.10008.5.1.4.1.1.88.33",
  sopInstanceUid: "2.25.11",
  seriesInstanceUid: "2.25.12",
};
const report = (parts: ScoredStudyParts = {}, options: ReportOptions = {}): ReportFile =>
  buildStructuredReport(scoredStudy(parts), { now: NOW, ...options });

const PRESENT = { presence: "present" } as const;
const SEVERAL: ScoredStudyParts = {
  findings: {
    any: { ...PRESENT, probability: 0.9876, laterality: "bilateral" },
    subdural: { ...PRESENT, probability: 0.7, laterality: "bilateral" },
    intraventricular: { ...PRESENT, laterality: "midline" },
    intraparenchymal: { presence: "undetermined" },
  },
};

test("every label has its presence and its probability in per cent", () => {
  const [evaluations] = named(readContentTree(report(SEVERAL).bytes), "C0034375");
  const expected = {
    epidural: ["272519000", 2],
    intraparenchymal: ["373068000", 50],
    intraventricular: ["52101004", 97],
    subarachnoid: ["272519000", 2],
    subdural: ["52101004", 70],
    any: ["52101004", 98.8],
  };
  for (const label of LABELS) {
    const { finding, site } = FINDING_CODES[label];
    const evaluation = named(evaluations, finding.value)[0]!;
    const probability = named(evaluation, "122157")[0]!;
    assert.deepEqual([evaluation.value, probability.value], expected[label], label);
    assert.equal(probability.unit, "%");
    assert.deepEqual(
      named(evaluation, "363698007").map((item) => item.value),
      [site.value],
    );
  }
});

test("each positive finding has a measurement group with its code, site, side, region and algorithm", () => {
  const scored = scoredStudy(SEVERAL);
  const [measurements] = named(readContentTree(report(SEVERAL).bytes), "126010");
  const groups = named(measurements, "125007");
  assert.deepEqual(
    groups.map((group) => named(group, "121071")[0]?.value),
    ["intraventricular", "subdural", "any"].map((label) => FINDING_CODES[label as "any"].finding.value),
  );
  const group = groups[1]!;
  const keySlice = scored.result.findings[4]!.keySlices[0]!;
  const polyline = [148, 88, 192, 88, 192, 132, 148, 132, 148, 88];
  const valuesOf = (code: string) => named(group, code).map((item) => item.value);

  const [site] = named(group, "363698007");
  assert.equal(site?.relationship, "HAS CONCEPT MOD");
  assert.deepEqual(
    named(site, "272741003").map((item) => item.value),
    ["51440002"],
  );
  assert.deepEqual(valuesOf("111001"), ["ich-lite"]);
  assert.deepEqual(valuesOf("111003"), ["0.2.0"]);
  assert.deepEqual(valuesOf("111002"), ["present from 0.635, undetermined from 0.355"]);
  assert.deepEqual(valuesOf("705057003"), ["52101004"]);

  const region = named(group, "111030")[0]!;
  const probability = named(group, "122157")[0]!;
  assert.deepEqual([probability.value, probability.unit], [70, "%"]);
  for (const scoord of [region, ...probability.children]) {
    assert.deepEqual(scoord.value, polyline);
    assert.deepEqual(
      scoord.children.map((image) => [image.relationship, image.value]),
      [["SELECTED FROM", keySlice.sopInstanceUid]],
    );
  }
  assert.deepEqual(
    probability.children.map((item) => item.relationship),
    ["INFERRED FROM"],
  );
});

test("a finding in the midline has no side, since DICOM's context group has none for it", () => {
  const [measurements] = named(readContentTree(report(SEVERAL).bytes), "126010");
  const [site] = named(named(measurements, "125007")[0], "363698007");
  assert.equal(site?.value, FINDING_CODES.intraventricular.site.value);
  assert.deepEqual(site?.children, []);
});

test("a study without a positive finding that has a place has no Imaging Measurements at all", () => {
  for (const any of [{}, { presence: "undetermined" as const }, { ...PRESENT, keySlices: [] }]) {
    assert.deepEqual(named(readContentTree(report({ findings: { any } }).bytes), "126010"), []);
  }
});

test("the outcome of the analysis is stated, except when it is undetermined", () => {
  const outcome = (parts: ScoredStudyParts) =>
    named(named(readContentTree(report(parts).bytes), "C0034375")[0], "111017").map((item) => item.value);
  assert.deepEqual(outcome({}), ["111241"]);
  assert.deepEqual(outcome(SEVERAL), ["111242"]);
  assert.deepEqual(outcome({ findings: { any: { presence: "undetermined" } } }), []);
  const warnings = [warning("gap", "a gap of 12 mm", "1 gap between slices")];
  assert.deepEqual(outcome({ result: { warnings } }), ["111243"]);
  assert.deepEqual(outcome({ ...SEVERAL, result: { warnings } }), ["111244"]);
});

test("the comments say: research use only, what was read, where findings are seen, the warnings, and what was not seen", () => {
  const warnings = [warning("variable-spacing", "uneven"), warning("gap", "a gap of 12 mm", "1 gap")];
  const parts: ScoredStudyParts = { slices: 21, findings: { any: PRESENT }, result: { warnings } };
  const [evaluations] = named(readContentTree(report(parts).bytes), "C0034375");
  assert.deepEqual(
    named(evaluations, "121106").map((item) => item.value),
    [
      "Research use only: not a medical device, not for diagnosis. Written by an algorithm; no person has verified it.",
      `Read 21 slices, 0.0 mm to 100.0 mm, of series ${scoredStudy(parts).result.seriesInstanceUid}.`,
      "any haemorrhage: strongest in slice 11 of 21, counted from the lowest.",
      "Warning: uneven",
      "Not seen: a gap of 12 mm",
    ],
  );
});

test("patient and study are those of the images, character by character", () => {
  const attributes = {
    patientName: "Yamada^Tarou=山田^太郎=やまだ^たろう",
    patientId: "Ü-17",
    issuerOfPatientId: "ΚΑΤ",
    studyDescription: "ΑΞΟΝΙΚΗ ΕΓΚΕΦΑΛΟΥ",
    // Longer than DICOM allows, as some hospitals have it: a PACS would no longer find a shortened one.
    accessionNumber: "2026-01-01/CT/000017",
  };
  const dataset = readDataset(report({ attributes }).bytes);
  assert.equal(dataset.SpecificCharacterSet, "ISO_IR 192");
  assert.equal(String(dataset.PatientName), attributes.patientName);
  assert.equal(dataset.PatientID, attributes.patientId);
  assert.equal(dataset.IssuerOfPatientID, attributes.issuerOfPatientId);
  assert.equal(dataset.StudyDescription, attributes.studyDescription);
  assert.equal(dataset.AccessionNumber, attributes.accessionNumber);
  assert.equal(dataset.PatientBirthDate, "19500101");
  assert.equal(dataset.StudyDate, "20260101");
  assert.equal(dataset.StudyTime, "101500");
  assert.equal(dataset.StudyInstanceUID, scoredStudy().result.studyInstanceUid);
});

test("every slice is in the image library and in the evidence, and the library names no other", () => {
  const uids = scoredStudy().result.slices.map((slice) => slice.sopInstanceUid);
  const { bytes } = report();
  const [library] = named(readContentTree(bytes), "111028");
  const images = named(library, "126200")[0]!.children.filter((item) => item.type === "IMAGE");
  assert.deepEqual(
    images.map((image) => image.value),
    uids,
  );
  assert.deepEqual(referencedObjects(readDataset(bytes).CurrentRequestedProcedureEvidenceSequence), uids);
});

test("the device is named alike in the content and in the contributing equipment", () => {
  const { bytes } = report();
  const root = readContentTree(bytes);
  const equipment = (readDataset(bytes).ContributingEquipmentSequence as Record<string, unknown>[])[0]!;
  assert.equal(equipment.DeviceUID, named(root, "121012")[0]?.value);
  assert.equal(equipment.Manufacturer, named(root, "121014")[0]?.value);
  assert.equal(equipment.ManufacturerModelName, named(root, "121015")[0]?.value);
  assert.equal((equipment.SoftwareVersions as string[])[0], "0.2.0");
});

test("written twice from the same content by the same model, it is the same object, byte by byte", () => {
  assert.deepEqual(report(SEVERAL), report(SEVERAL));
});

test("other content or another model version makes another object that tracks the same findings", () => {
  const first = report(SEVERAL);
  const others = [
    report({ ...SEVERAL, contentHash: "f".repeat(64) }),
    report({ ...SEVERAL, result: { model: { name: "ich-lite", version: "0.3.0" } } }),
  ];
  const trackingUids = ({ bytes }: ReportFile) =>
    named(named(readContentTree(bytes), "126010")[0], "125007").map((group) => named(group, "112040")[0]?.value);
  assert.equal(new Set(trackingUids(first)).size, 3);
  for (const other of others) {
    assert.notEqual(other.sopInstanceUid, first.sopInstanceUid);
    assert.notEqual(other.seriesInstanceUid, first.seriesInstanceUid);
    assert.deepEqual(trackingUids(other), trackingUids(first));
  }
});

test("a superseding report names its predecessor, but never itself", () => {
  const superseding = readDataset(report({}, { predecessor: PREDECESSOR }).bytes);
  assert.deepEqual(referencedObjects(superseding.PredecessorDocumentsSequence), [PREDECESSOR.sopInstanceUid]);
  assert.equal(readDataset(report({}, { predecessor: report() }).bytes).PredecessorDocumentsSequence, undefined);
});

test("a result that leaves out a label, or marks a place outside the image, is refused", () => {
  const scored = scoredStudy();
  const incomplete = { ...scored, result: { ...scored.result, findings: scored.result.findings.slice(1) } };
  assert.throws(() => buildStructuredReport(incomplete), { code: "report-invalid", message: /epidural/ });
  const [keySlice] = scoredStudy({ findings: { any: PRESENT } }).result.findings.at(-1)!.keySlices;
  const keySlices = [{ ...keySlice!, box: [500, 10, 520, 30] as [number, number, number, number] }];
  assert.throws(() => report({ findings: { any: { ...PRESENT, keySlices } } }), {
    code: "report-invalid",
    message: /500, 10, 520, 30/,
  });
});

function referencedObjects(sequence: unknown): string[] {
  type Reference = { ReferencedSOPInstanceUID: string };
  const studies = sequence as { ReferencedSeriesSequence: { ReferencedSOPSequence: Reference[] }[] }[];
  return studies
    .flatMap((study) => study.ReferencedSeriesSequence)
    .flatMap((series) => series.ReferencedSOPSequence)
    .map((object) => object.ReferencedSOPInstanceUID);
}

test("slices of several series, and frames of one object, are referred to as what they are", () => {
  const scored = scoredStudy({ slices: 4, findings: { any: PRESENT } });
  const [a, b, c, d] = scored.result.slices;
  const frame = (slice: typeof a, frameNumber: number) => ({
    ...slice!,
    sopInstanceUid: c!.sopInstanceUid,
    frameNumber,
  });
  const other = (slice: typeof a) => ({ ...slice!, seriesInstanceUid: "1.2.77" });
  const slices = [a!, b!, other(frame(c, 1)), other(frame(d, 2))];
  const { bytes } = buildStructuredReport({ ...scored, result: { ...scored.result, slices } });
  const dataset = readDataset(bytes);
  const [study] = dataset.CurrentRequestedProcedureEvidenceSequence as [
    { ReferencedSeriesSequence: { SeriesInstanceUID: string; ReferencedSOPSequence: unknown[] }[] },
  ];
  assert.deepEqual(
    study.ReferencedSeriesSequence.map((series) => [series.SeriesInstanceUID, series.ReferencedSOPSequence.length]),
    [
      [scored.result.seriesInstanceUid, 2],
      ["1.2.77", 1],
    ],
  );
  assert.match(JSON.stringify(dataset.ContentSequence), /"ReferencedFrameNumber":2/);
});

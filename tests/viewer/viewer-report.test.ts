import assert from "node:assert/strict";
import { test } from "node:test";
import dcmjs, { type NaturalDataset } from "dcmjs";
import { isVigilReport, reportContent } from "../../ohif-extension/src/report/report-content.ts";
import { warning } from "../../src/contract/warning.ts";
import { buildStructuredReport, type ReportOptions } from "../../src/reports/structured-report.ts";
import { type ScoredStudyParts, scoredStudy } from "../support/scored-study.ts";

/** A report as the viewer gets it. */
function report(parts: ScoredStudyParts, options: ReportOptions = {}): NaturalDataset {
  const { bytes } = buildStructuredReport(scoredStudy(parts), options);
  const { DicomMessage, DicomMetaDictionary } = dcmjs.data;
  return DicomMetaDictionary.naturalizeDataset(DicomMessage.readFile(new Uint8Array(bytes).buffer).dict);
}

const BLEED: ScoredStudyParts = {
  findings: {
    any: { presence: "present", laterality: "left" },
    intraventricular: { presence: "present", laterality: "left", probability: 0.81 },
    subdural: { presence: "undetermined", laterality: "right" },
  },
};

test("the page says of every label what the report says, the whole first", () => {
  const { evaluations } = reportContent(report(BLEED));
  assert.deepEqual(
    evaluations.map(({ label, presence, probability }) => [label, presence, probability]),
    [
      ["any", "present", 0.97],
      ["epidural", "absent", 0.02],
      ["intraparenchymal", "absent", 0.02],
      ["intraventricular", "present", 0.81],
      ["subarachnoid", "absent", 0.02],
      ["subdural", "undetermined", 0.5],
    ],
  );
});

test("a present finding leads to its key slice and says its side", () => {
  const { result } = scoredStudy(BLEED);
  const content = reportContent(report(BLEED));
  const region = content.evaluations.find(({ label }) => label === "intraventricular")?.region;
  const keySlice = result.findings.find(({ label }) => label === "intraventricular")!.keySlices[0]!;
  assert.deepEqual(region, {
    seriesInstanceUid: keySlice.seriesInstanceUid,
    sopInstanceUid: keySlice.sopInstanceUid,
    frameNumber: null,
    middle: [(148 + 192) / 2, (88 + 132) / 2],
    laterality: "left",
  });
});

test("a place in a multi-frame image names its frame", () => {
  const { result } = scoredStudy(BLEED);
  const findings = result.findings.map((finding) => ({
    ...finding,
    keySlices: finding.keySlices.map((slice) => ({ ...slice, frameNumber: 7 })),
  }));
  const { evaluations } = reportContent(report({ ...BLEED, result: { findings } }));
  assert.equal(evaluations.find(({ label }) => label === "any")?.region?.frameNumber, 7);
});

test("what was not seen is told apart from what was odd, and from the other comments", () => {
  const warnings = [
    warning("images-left-out", "7 slices could not be decoded.", "7 slices not read"),
    warning("gantry-tilt", "The gantry was tilted by 12 degrees; slices were read as they are."),
  ];
  const content = reportContent(report({ result: { warnings } }));
  assert.deepEqual(content.notSeen, ["7 slices could not be decoded."]);
  assert.deepEqual(content.warnings, ["The gantry was tilted by 12 degrees; slices were read as they are."]);
  assert.equal(content.seenWhole, false);
  assert.ok(content.comments.every((comment) => !/tilted|decoded/.test(comment)));
});

test("a report that says in its code that not everything was seen is believed without a comment", () => {
  const partial = report({ result: { warnings: [warning("gap", "A gap.", "gap of 15 mm")] } });
  const items = (partial.ContentSequence as NaturalDataset[]).flatMap((item) => item.ContentSequence ?? []);
  for (const item of items as NaturalDataset[]) if (item.TextValue) item.TextValue = "-";
  const content = reportContent(partial);
  assert.deepEqual(content.notSeen, []);
  assert.equal(content.seenWhole, false);
  assert.equal(reportContent(report(BLEED)).seenWhole, true);
});

test("a report without findings is a page too, with comments and model but without places", () => {
  const content = reportContent(report({}));
  assert.ok(content.evaluations.every(({ presence, region }) => presence === "absent" && region === undefined));
  assert.ok(content.comments.some((comment) => comment.startsWith("Research use only")));
  assert.deepEqual([content.model, content.modelVersion], ["ich-lite", "0.2.0"]);
  assert.equal(content.isVerified, false);
});

test("the page names the report that it replaces", () => {
  const sopClassUid = "1.2.840.10008.5.1.4.1.1.88.33";
  const predecessor = { sopClassUid, sopInstanceUid: "2.25.11", seriesInstanceUid: "2.25.12" };
  assert.deepEqual(reportContent(report({}, { predecessor })).predecessors, ["2.25.11"]);
  assert.deepEqual(reportContent(report({})).predecessors, []);
});

test("only our own reports are taken from the viewer's other handlers", () => {
  assert.equal(isVigilReport(report(BLEED)), true);
  assert.equal(isVigilReport({ ...report(BLEED), Manufacturer: "Another maker" }), false);
  assert.equal(isVigilReport({ ...report(BLEED), ConceptNameCodeSequence: [] }), false);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  findingsToVisit,
  findingTone,
  isSuspected,
  sliceTone,
  topKeySlice,
  verdictSentence,
} from "../../ohif-extension/src/findings.ts";
import { seriesNames, slicesAsShown, slicesBySeries } from "../../ohif-extension/src/series.ts";
import { numbered } from "../../ohif-extension/src/slices.ts";
import type { Finding } from "../../src/contract/finding.ts";
import { perLabel } from "../../src/contract/labels.ts";
import type { StudyResource } from "../../src/contract/study.ts";
import { type ScoredStudyParts, scoredStudy } from "../support/scored-study.ts";

function study(parts: ScoredStudyParts): StudyResource {
  const { result, attributes } = scoredStudy({ slices: 10, ...parts });
  return {
    ...result,
    // One slice after the other: 4, 5 and 6 bleed when anything does.
    slices: result.slices.map((slice, z) => ({
      ...slice,
      probabilities: perLabel(() => (result.flag === "critical" && z >= 4 && z <= 6 ? 0.9 : 0.05)),
    })),
    patient: attributes,
    receivedAt: "2026-01-01T10:00:00Z",
    error: null,
    deliveries: [],
    events: [],
    history: [],
    feedback: [],
  };
}

/** As a viewer counts that shows the highest slice first. */
const verdict = (of: StudyResource) =>
  verdictSentence(of, numbered([...slicesBySeries(of).values()].map((slices) => slices.toReversed())));

test("the verdict names kinds, side and slices, counted as the viewer counts them", () => {
  const bleeding = study({
    findings: {
      any: { presence: "present", laterality: "left" },
      intraparenchymal: { presence: "present", laterality: "left", probability: 0.97 },
      intraventricular: { presence: "present", laterality: "left", probability: 0.8 },
    },
  });
  assert.equal(verdict(bleeding), "Intraparenchymal and intraventricular, left. Slices 4–6.");
});

test("the verdict gives each kind its own side when the sides differ", () => {
  const bleeding = study({
    findings: {
      any: { presence: "present" },
      subdural: { presence: "present", laterality: "left", probability: 0.9 },
      subarachnoid: { presence: "present", laterality: "bilateral", probability: 0.8 },
    },
  });
  assert.equal(verdict(bleeding), "Subdural left and subarachnoid both sides. Slices 4–6.");
});

test("the verdict says when haemorrhage is likely but no kind stands out", () => {
  assert.equal(
    verdict(study({ findings: { any: { presence: "present" } } })),
    "The kind is not determined. Slices 4–6.",
  );
});

test("an undetermined verdict names the suspicion, and the slices it rests on", () => {
  const doubtful = study({
    findings: {
      any: { presence: "undetermined" },
      subdural: { presence: "undetermined", laterality: "right" },
    },
  });
  // No slice is suspicious by itself here: the key slice, the sixth of ten, stands for them.
  assert.equal(verdict(doubtful), "Possibly subdural, right. Slice 5.");
});

test("there is no verdict sentence where nothing was found", () => {
  assert.equal(verdict(study({})), "");
});

test("the first slice to show is that of the most probable kind", () => {
  const bleeding = study({
    findings: {
      any: {
        presence: "present",
        keySlices: [{ seriesInstanceUid: "1", sopInstanceUid: "1.1", frameNumber: null, z: 1, box: null }],
      },
      subdural: {
        presence: "present",
        probability: 0.7,
        keySlices: [{ seriesInstanceUid: "1", sopInstanceUid: "1.2", frameNumber: null, z: 2, box: null }],
      },
      epidural: {
        presence: "present",
        probability: 0.9,
        keySlices: [{ seriesInstanceUid: "1", sopInstanceUid: "1.3", frameNumber: null, z: 3, box: null }],
      },
    },
  });
  assert.equal(topKeySlice(bleeding)?.sopInstanceUid, "1.3");
  assert.deepEqual(
    findingsToVisit(bleeding).map(({ label }) => label),
    ["epidural", "subdural"],
  );
});

test("without any kind, the haemorrhage as a whole is what there is to visit", () => {
  const bleeding = study({ findings: { any: { presence: "present" } } });
  assert.deepEqual(
    findingsToVisit(bleeding).map(({ label }) => label),
    ["any"],
  );
  assert.deepEqual(findingsToVisit(study({})), []);
});

test("a slice is toned by the thresholds of any haemorrhage", () => {
  const any = study({});
  assert.equal(sliceTone(any, 0.635), "critical");
  assert.equal(sliceTone(any, 0.5), "undetermined");
  assert.equal(sliceTone(any, 0.1), "negative");
});

/** Something was not seen: what is not suspected is undetermined all the same, without a place. */
const OPEN: Partial<Finding> = { presence: "undetermined", probability: 0.03, keySlices: [] };

test("a finding that is undetermined because something was not seen is not suspected and has no place", () => {
  const unseen = study({ findings: { any: OPEN, subdural: OPEN, epidural: OPEN } });
  assert.equal(verdict(unseen), "");
  assert.deepEqual(findingsToVisit(unseen), []);
  assert.equal(topKeySlice(unseen), undefined);
  const overall = unseen.findings.find(({ label }) => label === "any")!;
  assert.equal(isSuspected(overall), false);
  assert.equal(findingTone(overall), "negative");
});

test("a suspicion is told without the kinds that are only open", () => {
  const doubtful = study({
    findings: { any: { presence: "undetermined" }, subdural: { presence: "undetermined" }, epidural: OPEN },
  });
  assert.equal(verdict(doubtful), "Possibly subdural. Slice 5.");
});

/** The same study with a second series, which holds the bleed of the first. */
function withRepeat(first: StudyResource): StudyResource {
  const repeat = first.slices.map((slice) => ({
    ...slice,
    seriesInstanceUid: "1.9",
    sopInstanceUid: `${slice.sopInstanceUid}.9`,
  }));
  const decision = { modality: "CT", instances: 10, chosen: true, score: 1, reasons: [] };
  return {
    ...first,
    slices: [...first.slices, ...repeat],
    series: [
      { ...decision, seriesInstanceUid: first.slices[0]!.seriesInstanceUid, description: "Head 5.0" },
      { ...decision, seriesInstanceUid: "1.9", description: "Repeat" },
    ],
  } as StudyResource;
}

test("where several series were read, the verdict says in which one the slices lie", () => {
  const twice = withRepeat(study({ findings: { any: { presence: "present" } } }));
  assert.equal(verdict(twice), "The kind is not determined. Slices 4–6 of Head 5.0; slices 4–6 of Repeat.");
});

test("series that share a description are told apart by number", () => {
  const twice = withRepeat(study({}));
  const sameName = { ...twice, series: twice.series.map((series) => ({ ...series, description: "Head" })) };
  assert.deepEqual([...seriesNames(sameName as StudyResource).values()], ["Head (1)", "Head (2)"]);
  assert.deepEqual([...seriesNames({ ...twice, series: [] } as StudyResource).values()], ["series (1)", "series (2)"]);
});

test("the chart shows series after series, each as the viewer scrolls", () => {
  const twice = withRepeat(study({ slices: 2 }));
  const [low, high, lowAgain, highAgain] = twice.slices;
  const numbers = numbered([
    [high!, low!],
    [lowAgain!, highAgain!],
  ]);
  assert.deepEqual(slicesAsShown(twice, numbers), [high, low, lowAgain, highAgain]);
});

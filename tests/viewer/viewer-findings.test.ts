import assert from "node:assert/strict";
import { test } from "node:test";
import {
  findingTone,
  isSuspected,
  slicesToVisit,
  sliceTone,
  topKeySlice,
  verdictSentence,
} from "../../ohif-extension/src/findings.ts";
import { seriesNames, slicesInOrder } from "../../ohif-extension/src/series.ts";
import type { Finding } from "../../src/contract/finding.ts";
import { perLabel } from "../../src/contract/labels.ts";
import { sliceKey, sliceNumbers } from "../../src/contract/slices.ts";
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
    read: null,
    reading: null,
    priors: [],
  };
}

test("the verdict names kinds, side and slices, counted from the lowest slice up", () => {
  const bleeding = study({
    findings: {
      any: { presence: "present", laterality: "left" },
      intraparenchymal: { presence: "present", laterality: "left", probability: 0.97 },
      intraventricular: { presence: "present", laterality: "left", probability: 0.8 },
    },
  });
  assert.equal(verdictSentence(bleeding), "Intraparenchymal and intraventricular, left. Slices 5–7.");
});

test("the verdict gives each kind its own side when the sides differ", () => {
  const bleeding = study({
    findings: {
      any: { presence: "present" },
      subdural: { presence: "present", laterality: "left", probability: 0.9 },
      subarachnoid: { presence: "present", laterality: "bilateral", probability: 0.8 },
    },
  });
  assert.equal(verdictSentence(bleeding), "Subdural left and subarachnoid both sides. Slices 5–7.");
});

test("the verdict says when haemorrhage is likely but no kind stands out", () => {
  assert.equal(
    verdictSentence(study({ findings: { any: { presence: "present" } } })),
    "The kind is not determined. Slices 5–7.",
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
  assert.equal(verdictSentence(doubtful), "Possibly subdural, right. Slice 6.");
});

test("there is no verdict sentence where nothing was found", () => {
  assert.equal(verdictSentence(study({})), "");
});

const keySlice = (sopInstanceUid: string, z: number) => ({
  ...{ seriesInstanceUid: "1", sopInstanceUid, frameNumber: null, z },
  box: null,
});

test("every key slice is visited once: those that decided the flag first, then the most probable kind's", () => {
  const bleeding = study({
    findings: {
      any: { presence: "present", keySlices: [keySlice("1.1", 1), keySlice("1.2", 2)] },
      subdural: { presence: "present", probability: 0.7, keySlices: [keySlice("1.5", 5)] },
      epidural: { presence: "present", probability: 0.9, keySlices: [keySlice("1.2", 2), keySlice("1.3", 3)] },
    },
  });
  assert.equal(topKeySlice(bleeding)?.sopInstanceUid, "1.1");
  assert.deepEqual(
    slicesToVisit(bleeding).map(({ finding, slice }) => `${finding.label} ${slice.sopInstanceUid}`),
    ["any 1.1", "any 1.2", "epidural 1.3", "subdural 1.5"],
  );
});

test("where nothing stands out there is nothing to visit", () => {
  assert.deepEqual(slicesToVisit(study({})), []);
  assert.equal(topKeySlice(study({})), undefined);
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
  assert.equal(verdictSentence(unseen), "");
  assert.deepEqual(slicesToVisit(unseen), []);
  assert.equal(topKeySlice(unseen), undefined);
  const overall = unseen.findings.find(({ label }) => label === "any")!;
  assert.equal(isSuspected(overall), false);
  assert.equal(findingTone(overall), "negative");
});

test("a suspicion is told without the kinds that are only open", () => {
  const doubtful = study({
    findings: { any: { presence: "undetermined" }, subdural: { presence: "undetermined" }, epidural: OPEN },
  });
  assert.equal(verdictSentence(doubtful), "Possibly subdural. Slice 6.");
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
  assert.equal(verdictSentence(twice), "The kind is not determined. Slices 5–7 of Head 5.0; slices 5–7 of Repeat.");
});

test("series that share a description are told apart by number", () => {
  const twice = withRepeat(study({}));
  const sameName = { ...twice, series: twice.series.map((series) => ({ ...series, description: "Head" })) };
  assert.deepEqual([...seriesNames(sameName as StudyResource).values()], ["Head (1)", "Head (2)"]);
  assert.deepEqual([...seriesNames({ ...twice, series: [] } as StudyResource).values()], ["series (1)", "series (2)"]);
});

test("slices are counted from the lowest one up, each series by itself, whatever their order in the result", () => {
  const twice = withRepeat(study({ slices: 2 }));
  const [low, high, lowAgain, highAgain] = twice.slices;
  const mixed = { ...twice, slices: [high!, lowAgain!, low!, highAgain!] } as StudyResource;
  assert.deepEqual(slicesInOrder(mixed), [low, high, lowAgain, highAgain]);
  const numbers = sliceNumbers(mixed.slices);
  assert.deepEqual(numbers.get(sliceKey(highAgain!)), { number: 2, of: 2 });
});

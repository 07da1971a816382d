import assert from "node:assert/strict";
import { test } from "node:test";
import { arrivalWords, duration } from "../../ohif-extension/src/worklist/arrival.ts";
import { rowOf } from "../../ohif-extension/src/worklist/list-row.ts";
import { matchingItems, shownItems } from "../../ohif-extension/src/worklist/list-view.ts";
import { ageAndSex, displayName, patientWords } from "../../ohif-extension/src/worklist/patient.ts";
import { groupOf, triageCounts } from "../../ohif-extension/src/worklist/study-groups.ts";
import { compareUrgency } from "../../ohif-extension/src/worklist/triage-order.ts";
import { type TriageState, withEvent, withWorklist } from "../../ohif-extension/src/worklist/triage-state.ts";
import type { WorklistItem } from "../../src/contract/worklist.ts";

const EMPTY: TriageState = { items: new Map(), isRead: false, connection: "connecting", model: null };

function item(studyInstanceUid: string, parts: Partial<WorklistItem> = {}): WorklistItem {
  return {
    studyInstanceUid,
    patientId: "P",
    patientName: "Test^Study",
    patientBirthDate: "19600101",
    patientSex: "F",
    studyDescription: "CT head",
    studyDate: "20260101",
    studyTime: "101500",
    modalitiesInStudy: ["CT"],
    accessionNumber: "",
    receivedAt: "2026-01-01T10:00:00Z",
    flaggedAt: null,
    state: "reported",
    flag: "negative",
    reason: null,
    notSeen: [],
    error: null,
    probability: 0.02,
    threshold: 0.6,
    findings: [],
    progress: null,
    images: 30,
    instances: 31,
    group: "negative",
    rank: 5,
    reading: null,
    read: null,
    priority: null,
    ward: null,
    ...parts,
  };
}

const uids = (items: WorklistItem[]) => items.map(({ studyInstanceUid }) => studyInstanceUid);

test("the most urgent study comes first, and among equals the one that has waited longest", () => {
  const sorted = [
    item("a chest", { flag: "not-analysed", state: "not-analysed", reason: "no-head" }),
    item("negative"),
    item("scoring", { flag: "pending", state: "scoring" }),
    item("critical, later", { flag: "critical", receivedAt: "2026-01-01T11:00:00Z" }),
    item("critical, read", {
      flag: "critical",
      read: { decision: "agreed", reader: null, at: "2026-01-01T11:00:00Z" },
      receivedAt: "2026-01-01T08:00:00Z",
    }),
    item("failed", { flag: "not-analysed", state: "failed", receivedAt: "2026-01-01T12:00:00Z" }),
    item("a head without slices", { flag: "not-analysed", state: "not-analysed", reason: "too-few-slices" }),
    item("undetermined", { flag: "undetermined" }),
    item("critical, earlier", { flag: "critical", receivedAt: "2026-01-01T09:00:00Z" }),
  ].sort(compareUrgency);
  assert.deepEqual(uids(sorted), [
    "critical, earlier",
    "critical, later",
    "undetermined",
    "a head without slices",
    "failed",
    "critical, read",
    "scoring",
    "negative",
    "a chest",
  ]);
});

test("a flag outlives a later attempt that failed, and a head that was not seen whole is not free of blood", () => {
  const failedLater = item("1", { flag: "critical", state: "failed" });
  const notSeenWhole = item("2", { flag: "negative", notSeen: ["7 slices not read"] });
  assert.deepEqual([failedLater, notSeenWhole].map(groupOf), ["attention", "attention"]);
  assert.ok(compareUrgency(failedLater, notSeenWhole) < 0);
  assert.ok(compareUrgency(notSeenWhole, item("3", { flag: "not-analysed", state: "failed" })) < 0);
});

test("a study that Vigil does not know comes last", () => {
  assert.ok(compareUrgency(undefined, item("any")) > 0);
  assert.ok(compareUrgency(item("any"), undefined) < 0);
  assert.equal(compareUrgency(undefined, undefined), 0);
});

test("an event replaces what was known of its study and leaves the others alone", () => {
  const before = withWorklist(EMPTY, [item("1"), item("2")]);
  const after = withEvent(before, { type: "flagged", study: item("2", { flag: "critical" }) });
  assert.equal(after.items.get("2")?.flag, "critical");
  assert.equal(after.items.get("1"), before.items.get("1"));
  assert.equal(before.items.get("2")?.flag, "negative", "the state before is not changed");
});

test("each study is counted in one group, and the critical ones among those that need attention", () => {
  const counts = triageCounts([
    item("1", { flag: "critical" }),
    item("2", { flag: "critical", read: { decision: "agreed", reader: null, at: "2026-01-01T11:00:00Z" } }),
    item("3", { flag: "undetermined" }),
    item("4", { flag: "pending", state: "scoring" }),
    item("5", { flag: "pending", state: "waiting" }),
    item("6", { flag: "critical", state: "failed" }),
    item("7"),
    item("8", { flag: "not-analysed", state: "failed" }),
    item("9", { flag: "not-analysed", state: "not-analysed", reason: "no-head" }),
  ]);
  assert.deepEqual(counts, {
    groups: { attention: 3, read: 1, waiting: 2, negative: 1, "not-analysed": 1, failed: 1 },
    critical: 2,
    undetermined: 1,
  });
});

test("the list shows a group, or what a search finds in the whole work list", () => {
  const items = [
    item("1", { flag: "critical", patientName: "MÜLLER^ANNA" }),
    item("2", { patientName: "Test^Müller", patientId: "X 9" }),
    item("3", { patientName: "", patientId: "" }),
  ];
  assert.deepEqual(uids(shownItems(items, { group: "attention", text: "" })), ["1"]);
  assert.deepEqual(uids(shownItems(items, { group: "negative", text: "" })), ["2", "3"]);
  assert.deepEqual(uids(shownItems(items, { group: "all", text: "muller" })), ["1", "2"]);
  assert.deepEqual(uids(matchingItems(items, "x test")), ["2"]);
  assert.deepEqual(uids(matchingItems(items, "unnamed")), ["3"]);
});

test("patients without a name are told apart by what else there is", () => {
  const unnamed = { patientName: "^^", patientId: "P7", accessionNumber: "A1", studyInstanceUid: "1.2.345678901" };
  assert.equal(patientWords(unnamed), "Unnamed, ID P7");
  assert.equal(patientWords({ ...unnamed, patientId: "" }), "Unnamed, accession A1");
  assert.equal(patientWords({ ...unnamed, patientId: "", accessionNumber: "" }), "Unnamed, study …45678901");
  assert.equal(displayName("=山田^太郎"), "山田, 太郎");
});

test("age is that at the time of the study, in months for a small child, left out where it is not known", () => {
  const at = (patientBirthDate: string, patientSex = "F") =>
    ageAndSex({ patientBirthDate, patientSex, studyDate: "20260115" });
  assert.equal(at("19600116"), "65 y F");
  assert.equal(at("1960.01.15"), "66 y F");
  assert.equal(at("20250820"), "4 mo F");
  assert.equal(at("", "M"), "M");
  assert.equal(at("20300101", ""), "");
});

test("times are told in whole units", () => {
  assert.deepEqual([-5, 40_000, 14 * 60_000, 3 * 3_600_000, 5 * 86_400_000].map(duration), [
    "0 s",
    "40 s",
    "14 min",
    "3 h",
    "5 d",
  ]);
  assert.match(
    arrivalWords({ receivedAt: "2026-01-01T10:00:00Z", flaggedAt: "2026-01-01T10:00:41Z" }),
    /result after 41 s$/,
  );
});

test("a row has what OHIF's list and modes ask for", () => {
  const { modalities, instances, time } = rowOf(item("1", { modalitiesInStudy: ["CT", "SR"] }));
  assert.deepEqual([modalities, instances, time], ["CT/SR", 31, "101500"]);
  // A mode that reads no modality opens nothing.
  assert.equal(rowOf(item("1", { modalitiesInStudy: [] })).modalities, "CT");
});

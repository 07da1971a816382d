import assert from "node:assert/strict";
import { test } from "node:test";
import { dueAlerts } from "../../ohif-extension/src/worklist/alerts/due-alerts.ts";
import { arrivalWords, duration } from "../../ohif-extension/src/worklist/arrival.ts";
import { rowOf } from "../../ohif-extension/src/worklist/list-row.ts";
import { matchingItems, shownItems } from "../../ohif-extension/src/worklist/list-view.ts";
import { ageAndSex, displayName, patientWords } from "../../ohif-extension/src/worklist/patient.ts";
import { readWords } from "../../ohif-extension/src/worklist/read-words.ts";
import { triageCounts } from "../../ohif-extension/src/worklist/study-groups.ts";
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

test("the list is in the service's order, and among equals the one that has waited longest comes first", () => {
  const sorted = [
    item("read", { rank: 7, receivedAt: "2026-01-01T08:00:00Z" }),
    item("negative"),
    item("critical, later", { rank: 0, receivedAt: "2026-01-01T11:00:00Z" }),
    item("critical, earlier", { rank: 0, receivedAt: "2026-01-01T09:00:00Z" }),
  ].sort(compareUrgency);
  assert.deepEqual(uids(sorted), ["critical, earlier", "critical, later", "negative", "read"]);
});

test("who reads a study and what was said of it is told with name and time", () => {
  const now = new Date("2026-01-01T15:00:00");
  const at = new Date("2026-01-01T14:05:00").toISOString();
  const yesterday = new Date("2025-12-31T14:05:00").toISOString();
  const words = (parts: Partial<WorklistItem>) => readWords(item("1", parts), now)?.text;
  assert.equal(words({}), undefined);
  assert.equal(words({ reading: { reader: "Dr. A", since: at } }), "being read by Dr. A since 14:05");
  assert.equal(words({ read: { decision: "agreed", reader: "Dr. A", at } }), "agreed by Dr. A 14:05");
  assert.equal(words({ read: { decision: "disagreed", reader: null, at: yesterday } }), "disagreed Dec 31 14:05");
});

test("a critical study alerts until somebody has opened it, and only one that came after alerts were switched on", () => {
  const critical = { flag: "critical", group: "attention", flaggedAt: "2026-01-01T10:00:00Z" } as const;
  const reader = { reader: "Dr. A", since: "2026-01-01T10:01:00Z" };
  const due = (parts: Partial<WorklistItem>, since = "2026-01-01T09:00:00Z") =>
    dueAlerts([item("1", { ...critical, ...parts })], since).length === 1;
  assert.ok(due({}));
  assert.ok(due({ state: "failed" }), "a score that failed later hides nothing");
  assert.ok(!due({}, critical.flaggedAt), "it was there before");
  assert.ok(!due({ reading: reader }));
  assert.ok(!due({ group: "read", read: { decision: "agreed", reader: null, at: "2026-01-01T10:01:00Z" } }));
  assert.ok(!due({ flag: "undetermined" }));
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

test("each study is counted in its group, and the critical ones among those that need attention", () => {
  const counts = triageCounts([
    item("1", { flag: "critical", group: "attention" }),
    item("2", { flag: "critical", group: "read" }),
    item("3", { flag: "undetermined", group: "attention" }),
    item("4", { flag: "pending", state: "scoring", group: "waiting" }),
    item("5", { flag: "critical", state: "failed", group: "attention" }),
    item("6", { flag: "negative", group: "attention", notSeen: ["7 slices not read"] }),
    item("7"),
    item("8", { flag: "not-analysed", state: "not-analysed", reason: "too-few-slices", group: "attention" }),
  ]);
  assert.deepEqual(counts, {
    groups: { attention: 5, read: 1, waiting: 1, negative: 1, "not-analysed": 0, failed: 0 },
    critical: 2,
    undetermined: 2,
  });
});

test("the list shows a group, or what a search finds in the whole work list", () => {
  const items = [
    item("1", { flag: "critical", group: "attention", patientName: "MÜLLER^ANNA" }),
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

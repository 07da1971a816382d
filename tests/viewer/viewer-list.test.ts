import assert from "node:assert/strict";
import { test } from "node:test";
import { compareUrgency } from "../../ohif-extension/src/worklist/triage-order.ts";
import {
  type TriageState,
  triageCounts,
  withEvent,
  withWorklist,
} from "../../ohif-extension/src/worklist/triage-state.ts";
import type { WorklistItem } from "../../src/contract/worklist.ts";

const EMPTY: TriageState = { items: new Map(), connection: "connecting", model: null };

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
    answered: false,
    ...parts,
  };
}

test("the most urgent study comes first, and among equals the one that has waited longest", () => {
  const sorted = [
    item("not analysed", { flag: "not-analysed", state: "not-analysed" }),
    item("negative"),
    item("scoring", { flag: "pending", state: "scoring" }),
    item("critical, later", { flag: "critical", receivedAt: "2026-01-01T11:00:00Z" }),
    item("failed", { flag: "not-analysed", state: "failed" }),
    item("undetermined", { flag: "undetermined" }),
    item("critical, earlier", { flag: "critical", receivedAt: "2026-01-01T09:00:00Z" }),
  ].sort(compareUrgency);
  assert.deepEqual(
    sorted.map(({ studyInstanceUid }) => studyInstanceUid),
    ["critical, earlier", "critical, later", "undetermined", "failed", "scoring", "negative", "not analysed"],
  );
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

test("the heading counts each study once, a failed one only as failed", () => {
  const counts = triageCounts([
    item("1", { flag: "critical" }),
    item("2", { flag: "critical" }),
    item("3", { flag: "undetermined" }),
    item("4", { flag: "pending", state: "scoring" }),
    item("5", { flag: "pending", state: "waiting" }),
    item("6", { flag: "critical", state: "failed" }),
    item("7"),
  ]);
  assert.deepEqual(counts, { critical: 2, undetermined: 1, scoring: 1, failed: 1 });
});

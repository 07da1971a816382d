import { type StatusWords, statusWords } from "../../../src/contract/words.ts";
import type { WorklistItem } from "../../../src/contract/worklist.ts";

/** A study is in exactly one group, so that their counts add up to the whole work list. */
export type StudyGroup = "attention" | "read" | "waiting" | "negative" | "not-analysed" | "failed";

export const GROUP_NAME: Record<StudyGroup, string> = {
  attention: "Needs attention",
  read: "Read",
  waiting: "Waiting",
  negative: "No bleed found",
  "not-analysed": "Not analysed",
  failed: "Failed",
};

/**
 * How a study stands in the list. A study whose flag is of an earlier result keeps it when a later attempt fails: the
 * patient has not stopped bleeding.
 */
export function listedTone(item: WorklistItem): StatusWords["tone"] {
  return statusWords(hasEarlierFlag(item) ? { ...item, state: "scored" } : item).tone;
}

/** Flagged once; what came later failed. */
export function hasEarlierFlag({ state, flag }: WorklistItem): boolean {
  return state === "failed" && (flag === "critical" || flag === "undetermined");
}

export function groupOf(item: WorklistItem): StudyGroup {
  const tone = listedTone(item);
  switch (tone) {
    case "critical":
    case "undetermined":
      return item.read !== null ? "read" : "attention";
    case "pending":
      return "waiting";
    default:
      return tone;
  }
}

export interface TriageCounts {
  groups: Record<StudyGroup, number>;
  /** Of those that need attention. */
  critical: number;
  undetermined: number;
}

export function triageCounts(items: Iterable<WorklistItem>): TriageCounts {
  const groups = { attention: 0, read: 0, waiting: 0, negative: 0, "not-analysed": 0, failed: 0 };
  let critical = 0;
  for (const item of items) {
    const group = groupOf(item);
    groups[group]++;
    if (group === "attention" && listedTone(item) === "critical") critical++;
  }
  return { groups, critical, undetermined: groups.attention - critical };
}

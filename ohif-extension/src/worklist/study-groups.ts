import { english } from "../../../src/contract/translate.ts";
import { statusWords } from "../../../src/contract/words.ts";
import type { WorklistItem } from "../../../src/contract/worklist.ts";

/** A study is in exactly one group, so that their counts add up to the whole work list. The service decides which. */
export type StudyGroup = WorklistItem["group"];

export const GROUP_NAME: Record<StudyGroup, string> = {
  attention: english("Needs attention"),
  read: english("Read"),
  waiting: english("Waiting"),
  negative: english("No bleed found"),
  "not-analysed": english("Not analysed"),
  failed: english("Failed"),
};

/** Nobody has answered it yet; an earlier "critical" stands when a later score fails. */
export function isUnreadCritical(item: WorklistItem): boolean {
  return item.group === "attention" && statusWords(item).tone === "critical";
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
  let undetermined = 0;
  for (const item of items) {
    groups[item.group]++;
    if (item.group !== "attention") continue;
    const { tone } = statusWords(item);
    if (tone === "critical") critical++;
    if (tone === "undetermined") undetermined++;
  }
  return { groups, critical, undetermined };
}

import type { WorklistItem } from "../../../../src/contract/worklist.ts";
import { isUnreadCritical } from "../study-groups.ts";

/** Critical studies flagged after that time which nobody has opened yet, at any desk; the oldest first. */
export function dueAlerts(items: Iterable<WorklistItem>, since: string): WorklistItem[] {
  return [...items]
    .filter((item) => isUnreadCritical(item) && item.reading === null && (item.flaggedAt ?? "") > since)
    .sort((a, b) => ((a.flaggedAt ?? "") < (b.flaggedAt ?? "") ? -1 : 1));
}

import type { WorklistItem } from "../../../src/contract/worklist.ts";

/** Most urgent first. A failed study comes before the unremarkable ones: nobody has looked at it yet, not even we. */
function urgency(item: WorklistItem): number {
  if (item.state === "failed") return 2;
  return { critical: 0, undetermined: 1, pending: 3, negative: 4, "not-analysed": 5 }[item.flag];
}

const UNKNOWN_TO_VIGIL = 6;

/**
 * Order of two studies of the list: by urgency, then the one that has waited longest. A study that Vigil does not
 * know comes last.
 */
export function compareUrgency(a: WorklistItem | undefined, b: WorklistItem | undefined): number {
  const byUrgency = (a ? urgency(a) : UNKNOWN_TO_VIGIL) - (b ? urgency(b) : UNKNOWN_TO_VIGIL);
  if (byUrgency !== 0 || !a || !b) return byUrgency;
  return a.receivedAt.localeCompare(b.receivedAt) || a.studyInstanceUid.localeCompare(b.studyInstanceUid);
}

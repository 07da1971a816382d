import type { NotAnalysedReason } from "../../../src/contract/study-state.ts";
import type { WorklistItem } from "../../../src/contract/worklist.ts";
import { groupOf, listedTone } from "./study-groups.ts";

/** No head is in these: nothing was missed. */
const NO_HEAD: (NotAnalysedReason | null)[] = ["no-ct", "no-head", "study-empty"];

const UNKNOWN_TO_VIGIL = 7;

/**
 * Most urgent first. A head that could not be analysed comes right after the flagged ones: nobody has looked at it yet,
 * not even we.
 */
function urgency(item: WorklistItem): number {
  switch (groupOf(item)) {
    case "attention":
      return listedTone(item) === "critical" ? 0 : 1;
    case "failed":
      return 2;
    case "read":
      return 3;
    case "waiting":
      return 4;
    case "negative":
      return 5;
    case "not-analysed":
      return NO_HEAD.includes(item.reason) ? 6 : 2;
  }
}

/** Sorting asks often, and an item never changes. */
const known = new WeakMap<WorklistItem, number>();

function rankOf(item: WorklistItem | undefined): number {
  if (item === undefined) return UNKNOWN_TO_VIGIL;
  const rank = known.get(item) ?? urgency(item);
  known.set(item, rank);
  return rank;
}

/**
 * Order of two studies of the list: by urgency, then the one that has waited longest. A study that Vigil does not
 * know comes last.
 */
export function compareUrgency(a: WorklistItem | undefined, b: WorklistItem | undefined): number {
  const byUrgency = rankOf(a) - rankOf(b);
  if (byUrgency !== 0 || !a || !b) return byUrgency;
  return compareText(a.receivedAt, b.receivedAt) || compareText(a.studyInstanceUid, b.studyInstanceUid);
}

/** By code points: many times faster than by a language's rules, and the same for times and UIDs. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

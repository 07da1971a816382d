import type { Finding } from "../../contract/finding.ts";
import type { Label } from "../../contract/labels.ts";
import type { SliceResult, StudyResult } from "../../contract/result.ts";
import { type SliceRef, sliceKey } from "../../contract/slices.ts";

/** A slice that is worth a look, and the label that makes it so. */
export interface KeySliceOfLabel {
  slice: SliceResult;
  label: Label;
}

/** Slices of a study without a finding that lie closer together show the same. */
const APART_MM = 15;

/**
 * The slices to look at, best first: those of the finding that decides the flag, then of the kinds; of a study in which
 * nothing is found those in which a bleed is the least unlikely.
 */
export function bestSlices({ findings, slices }: StudyResult, most: number): KeySliceOfLabel[] {
  const byKey = new Map(slices.map((slice) => [sliceKey(slice), slice]));
  const found = findings
    .filter(({ presence }) => presence !== "absent")
    .sort(byWeight)
    .flatMap(({ label, keySlices }) => keySlices.map((slice) => ({ slice: byKey.get(sliceKey(slice)), label })))
    .filter((one): one is KeySliceOfLabel => one.slice !== undefined);
  return (found.length > 0 ? unique(found) : highest(slices, most)).slice(0, most);
}

function byWeight(a: Finding, b: Finding): number {
  return Number(b.label === "any") - Number(a.label === "any") || b.probability - a.probability;
}

function unique(found: KeySliceOfLabel[]): KeySliceOfLabel[] {
  const firsts = new Map<string, KeySliceOfLabel>();
  for (const one of found) {
    const key = sliceKey(one.slice satisfies SliceRef);
    if (!firsts.has(key)) firsts.set(key, one);
  }
  return [...firsts.values()];
}

function highest(slices: SliceResult[], most: number): KeySliceOfLabel[] {
  const chosen: SliceResult[] = [];
  for (const slice of slices.toSorted((a, b) => b.probabilities.any - a.probabilities.any)) {
    const isNear = (other: SliceResult) =>
      other.seriesInstanceUid === slice.seriesInstanceUid && Math.abs(other.positionMm - slice.positionMm) < APART_MM;
    if (chosen.length < most && !chosen.some(isNear)) chosen.push(slice);
  }
  return chosen.map((slice) => ({ slice, label: "any" }));
}

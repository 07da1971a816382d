import type { SliceResult } from "../../src/contract/result.ts";
import type { StudyResource } from "../../src/contract/study.ts";
import { type SliceNumbers, sliceKey } from "./slices.ts";

/** Questions about the series of a study that were read. */

/** The slices that were read, by Series Instance UID, in the order of the result. */
export function slicesBySeries(study: StudyResource): Map<string, SliceResult[]> {
  return Map.groupBy(study.slices, ({ seriesInstanceUid }) => seriesInstanceUid);
}

/** Series after series, each in the order in which the viewer scrolls. */
export function slicesAsShown(study: StudyResource, numbers: SliceNumbers): SliceResult[] {
  const numberOf = (slice: SliceResult) => numbers.get(sliceKey(slice))?.number ?? 0;
  return [...slicesBySeries(study).values()].flatMap((slices) => slices.toSorted((a, b) => numberOf(a) - numberOf(b)));
}

export function wasRead(study: StudyResource, seriesInstanceUid: string): boolean {
  return study.slices.some((slice) => slice.seriesInstanceUid === seriesInstanceUid);
}

/** What to call each series that was read; series that share a description are numbered. */
export function seriesNames(study: StudyResource): Map<string, string> {
  const descriptions = new Map(study.series.map((series) => [series.seriesInstanceUid, series.description]));
  const read = [...slicesBySeries(study).keys()].map((uid) => ({ uid, name: descriptions.get(uid) || "series" }));
  return new Map(
    read.map(({ uid, name }) => {
      const sameName = read.filter((other) => other.name === name);
      const number = sameName.findIndex((other) => other.uid === uid) + 1;
      return [uid, sameName.length === 1 ? name : `${name} (${number})`];
    }),
  );
}

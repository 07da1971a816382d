import type { SliceResult } from "../../src/contract/result.ts";
import { slicesBySeries } from "../../src/contract/slices.ts";
import type { StudyResource } from "../../src/contract/study.ts";

/** Questions about the series of a study that were read. */

/** Series after series, each from its lowest slice up. */
export function slicesInOrder(study: StudyResource): SliceResult[] {
  return [...slicesBySeries(study.slices).values()].flat();
}

export function wasRead(study: StudyResource, seriesInstanceUid: string): boolean {
  return study.slices.some((slice) => slice.seriesInstanceUid === seriesInstanceUid);
}

/** What to call each series that was read; series that share a description are numbered. */
export function seriesNames(study: StudyResource): Map<string, string> {
  const descriptions = new Map(study.series.map((series) => [series.seriesInstanceUid, series.description]));
  const read = [...slicesBySeries(study.slices).keys()].map((uid) => ({
    uid,
    name: descriptions.get(uid) || "series",
  }));
  return new Map(
    read.map(({ uid, name }) => {
      const sameName = read.filter((other) => other.name === name);
      const number = sameName.findIndex((other) => other.uid === uid) + 1;
      return [uid, sameName.length === 1 ? name : `${name} (${number})`];
    }),
  );
}

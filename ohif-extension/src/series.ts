import type { SliceResult } from "../../src/contract/result.ts";
import { slicesBySeries } from "../../src/contract/slices.ts";
import type { StudyResource } from "../../src/contract/study.ts";
import { t } from "../../src/contract/translate.ts";
import type { DisplaySet, Ohif } from "./ohif-types.ts";
import { resultOf } from "./studies.ts";

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
    name: descriptions.get(uid) || t("series"),
  }));
  return new Map(
    read.map(({ uid, name }) => {
      const sameName = read.filter((other) => other.name === name);
      const number = sameName.findIndex((other) => other.uid === uid) + 1;
      return [uid, sameName.length === 1 ? name : `${name} (${number})`];
    }),
  );
}

/**
 * What of a study to hang beside another one: what is preferred where it was read, else the series that Vigil read, else
 * the CT with the most images.
 */
export function seriesToShow(ohif: Ohif, studyInstanceUid: string, preferred?: DisplaySet): DisplaySet | undefined {
  const study = resultOf(studyInstanceUid);
  const isRead = ({ SeriesInstanceUID }: DisplaySet) => study !== undefined && wasRead(study, SeriesInstanceUID);
  if (preferred && (isRead(preferred) || study === undefined)) return preferred;
  const { displaySetService } = ohif.servicesManager.services;
  const images = displaySetService
    .getActiveDisplaySets()
    .filter((it) => it.StudyInstanceUID === studyInstanceUid && it.Modality === "CT" && (it.numImageFrames ?? 0) > 1)
    .sort((a, b) => (b.numImageFrames ?? 0) - (a.numImageFrames ?? 0));
  const chosen = images.find((it) => it.SeriesInstanceUID === study?.seriesInstanceUid);
  return chosen ?? images.find(isRead) ?? images[0];
}

import type { StudyResource } from "../../../src/contract/study.ts";
import type { Ohif } from "../ohif-types.ts";
import { slicesBySeries } from "../series.ts";
import { numbered, type SliceNumbers, type SliceRef } from "../slices.ts";
import { cornerstoneLibraries, imageDisplaySets, imageIdsOf, sliceOfImage } from "./cornerstone.ts";

/**
 * How the viewer counts the slices of the series that were read, so that the panel and the image speak of the same
 * slice. While a series is not loaded: from the lowest slice up.
 */
export function sliceNumbers(ohif: Ohif, study: StudyResource): SliceNumbers {
  const { cornerstone } = cornerstoneLibraries(ohif);
  const stacks = [...slicesBySeries(study)].flatMap(([seriesInstanceUid, slices]): SliceRef[][] => {
    const displaySets = imageDisplaySets(ohif, seriesInstanceUid);
    if (displaySets.length === 0) return [slices];
    return displaySets.map((displaySet) =>
      imageIdsOf(ohif, displaySet).flatMap((imageId) => sliceOfImage(cornerstone, imageId) ?? []),
    );
  });
  return numbered(stacks);
}

import type { StudyResource } from "../../../src/contract/study.ts";
import type { Ohif } from "../ohif-types.ts";
import { cornerstoneLibraries, imageDisplaySet, imageIdsOf, instanceOf } from "./cornerstone.ts";

/** By SOP Instance UID. */
export type SliceNumbers = ReadonlyMap<string, number>;

/**
 * How the viewer counts the slices that were read, from 1, so that the panel and the image speak of the same slice.
 * While the series is not loaded: from the lowest slice up.
 */
export function sliceNumbers(ohif: Ohif, study: StudyResource): SliceNumbers {
  const displaySet = study.seriesInstanceUid === null ? undefined : imageDisplaySet(ohif, study.seriesInstanceUid);
  if (displaySet === undefined) return new Map(study.slices.map(({ sopInstanceUid }, z) => [sopInstanceUid, z + 1]));
  const { cornerstone } = cornerstoneLibraries(ohif);
  return new Map(
    imageIdsOf(ohif, displaySet).map((imageId, index) => [
      instanceOf(cornerstone, imageId)?.SOPInstanceUID ?? "",
      index + 1,
    ]),
  );
}

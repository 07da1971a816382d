import { sliceKey, slicesBySeries } from "../../../src/contract/slices.ts";
import type { StudyResource } from "../../../src/contract/study.ts";
import type { Ohif } from "../ohif-types.ts";
import { cornerstoneLibraries, imageDisplaySets, imageIdsOf, sliceOfImage } from "./cornerstone.ts";

/**
 * The slices of the result that the viewer does not have, by slice key: OHIF asks for the images of a study once, and
 * those that came later are not among them.
 */
export function unloadedSlices(ohif: Ohif, study: StudyResource): ReadonlySet<string> {
  const { cornerstone } = cornerstoneLibraries(ohif);
  const unloaded = new Set(study.slices.map(sliceKey));
  for (const seriesInstanceUid of slicesBySeries(study.slices).keys()) {
    for (const displaySet of imageDisplaySets(ohif, seriesInstanceUid)) {
      for (const imageId of imageIdsOf(ohif, displaySet)) {
        const slice = sliceOfImage(cornerstone, imageId);
        if (slice) unloaded.delete(sliceKey(slice));
      }
    }
  }
  return unloaded;
}

import { type SliceRef, sliceKey } from "../../../src/contract/slices.ts";
import type { Cornerstone, CornerstoneTools, CornerstoneViewport, DisplaySet, Instance, Ohif } from "../ohif-types.ts";

interface CornerstoneLibraries {
  cornerstone: Cornerstone;
  cornerstoneTools: CornerstoneTools;
}

/** OHIF's own copies of the cornerstone libraries. */
export function cornerstoneLibraries({ extensionManager }: Ohif): CornerstoneLibraries {
  const entry = extensionManager.getModuleEntry("@ohif/extension-cornerstone.utilityModule.common");
  return (entry as { exports: { getCornerstoneLibraries(): CornerstoneLibraries } }).exports.getCornerstoneLibraries();
}

export function instanceOf(cornerstone: Cornerstone, imageId: string): Instance | undefined {
  return cornerstone.metaData.get("instance", imageId) as Instance | undefined;
}

/** The image ids of a display set in the order in which OHIF shows them; known before anything is shown, too. */
export function imageIdsOf({ extensionManager }: Ohif, displaySet: DisplaySet): string[] {
  return displaySet.imageIds ?? extensionManager.getActiveDataSource()[0]?.getImageIdsForDisplaySet(displaySet) ?? [];
}

/** Which slice an image of OHIF is. */
export function sliceOfImage(cornerstone: Cornerstone, imageId: string): SliceRef | undefined {
  const image = instanceOf(cornerstone, imageId);
  if (image === undefined) return undefined;
  const { SeriesInstanceUID: seriesInstanceUid, SOPInstanceUID: sopInstanceUid } = image;
  return { seriesInstanceUid, sopInstanceUid, frameNumber: frameNumberOf(imageId) };
}

/** OHIF's image ids name the frame: `wadors:…/frames/3`, or `wadouri:…&frame=3`; the first where they do not. */
export function frameNumberOf(imageId: string): number {
  const [, frame] = /(?:\/frames\/|[?&]frame=)(\d+)/.exec(imageId) ?? [];
  return Number(frame ?? 1);
}

/** The display sets of a series that show images: several where OHIF has parted it, as it does with multi-frame images. */
export function imageDisplaySets({ servicesManager }: Ohif, seriesInstanceUid: string): DisplaySet[] {
  const { displaySetService } = servicesManager.services;
  const displaySets = displaySetService.getDisplaySetsForSeries(seriesInstanceUid) ?? [];
  return displaySets.filter(({ numImageFrames = 0 }) => numImageFrames > 0);
}

/** The place of a slice in a display set, or -1. */
export function sliceIndex(ohif: Ohif, displaySet: DisplaySet, slice: SliceRef): number {
  const { cornerstone } = cornerstoneLibraries(ohif);
  const key = sliceKey(slice);
  return imageIdsOf(ohif, displaySet).findIndex((imageId) => {
    const other = sliceOfImage(cornerstone, imageId);
    return other !== undefined && sliceKey(other) === key;
  });
}

/** The viewports on the screen that show a display set. */
export function viewportsShowing({ servicesManager }: Ohif, displaySet: DisplaySet): CornerstoneViewport[] {
  const { viewportGridService, cornerstoneViewportService } = servicesManager.services;
  return [...viewportGridService.getState().viewports.keys()]
    .filter((id) => viewportGridService.getDisplaySetsUIDsForViewport(id)?.includes(displaySet.displaySetInstanceUID))
    .map((id) => cornerstoneViewportService.getCornerstoneViewport(id))
    .filter((viewport) => viewport !== undefined && viewport !== null);
}

/** The display sets with images that are on the screen and loaded. */
export function displaySetsOnScreen({ servicesManager }: Ohif): DisplaySet[] {
  const { displaySetService, viewportGridService } = servicesManager.services;
  const uids = [...viewportGridService.getState().viewports.keys()].flatMap(
    (id) => viewportGridService.getDisplaySetsUIDsForViewport(id) ?? [],
  );
  return [...new Set(uids)]
    .map((uid) => displaySetService.getDisplaySetByUID(uid))
    .filter((displaySet) => displaySet !== undefined)
    .filter(({ imageIds }) => imageIds !== undefined);
}

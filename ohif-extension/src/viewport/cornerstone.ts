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

/**
 * The place of a slice in a display set, or -1. Slices are told apart by SOP Instance UID, never by order: OHIF sorts
 * a series in its own way.
 */
export function sliceIndex(ohif: Ohif, displaySet: DisplaySet, sopInstanceUid: string): number {
  const { cornerstone } = cornerstoneLibraries(ohif);
  return imageIdsOf(ohif, displaySet).findIndex(
    (imageId) => instanceOf(cornerstone, imageId)?.SOPInstanceUID === sopInstanceUid,
  );
}

/** The display set of a series that shows images. */
export function imageDisplaySet({ servicesManager }: Ohif, seriesInstanceUid: string): DisplaySet | undefined {
  const { displaySetService } = servicesManager.services;
  const displaySets = displaySetService.getDisplaySetsForSeries(seriesInstanceUid) ?? [];
  return displaySets.find(({ numImageFrames = 0 }) => numImageFrames > 0);
}

/** The viewports on the screen that show a display set. */
export function viewportsShowing({ servicesManager }: Ohif, displaySet: DisplaySet): CornerstoneViewport[] {
  const { viewportGridService, cornerstoneViewportService } = servicesManager.services;
  return [...viewportGridService.getState().viewports.keys()]
    .filter((id) => viewportGridService.getDisplaySetsUIDsForViewport(id)?.includes(displaySet.displaySetInstanceUID))
    .map((id) => cornerstoneViewportService.getCornerstoneViewport(id))
    .filter((viewport) => viewport !== undefined);
}

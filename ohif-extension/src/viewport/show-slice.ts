import type { CornerstoneViewport, DisplaySet, Instance, Ohif, Point2 } from "../ohif-types.ts";
import {
  cornerstoneLibraries,
  imageDisplaySet,
  imageIdsOf,
  instanceOf,
  sliceIndex,
  viewportsShowing,
} from "./cornerstone.ts";

export interface SliceTarget {
  seriesInstanceUid: string;
  sopInstanceUid: string;
  /** Pixel that cross-sections in other planes go through; the middle of the image when absent. */
  point?: Point2;
}

const SHOW_TIMEOUT_MS = 15_000;
const CHECK_MS = 50;

/** Brings a slice up in every viewport that shows its series; in the active one when none does. */
export async function showSlice(ohif: Ohif, { seriesInstanceUid, sopInstanceUid, point }: SliceTarget): Promise<void> {
  const displaySet = imageDisplaySet(ohif, seriesInstanceUid);
  if (displaySet === undefined) throw new Error("The series of this slice is not loaded");
  const { cornerstone } = cornerstoneLibraries(ohif);
  const referencedImageId = imageIdsOf(ohif, displaySet)[sliceIndex(ohif, displaySet, sopInstanceUid)];
  if (referencedImageId === undefined) throw new Error("The series does not hold this slice");
  for (const viewport of await viewportsWith(ohif, displaySet)) {
    const reference = { referencedImageId, FrameOfReferenceUID: viewport.getFrameOfReferenceUID() };
    if (viewport.isReferenceViewable(reference, { withNavigation: true })) viewport.setViewReference(reference);
    else {
      const through = point ?? middleOfImage(instanceOf(cornerstone, referencedImageId));
      const world = cornerstone.utilities.imageToWorldCoords(referencedImageId, through);
      if (world) viewport.jumpToWorld?.(world);
    }
    viewport.render();
  }
}

function middleOfImage(image: Instance | undefined): Point2 {
  return [Number(image?.Columns ?? 0) / 2, Number(image?.Rows ?? 0) / 2];
}

async function viewportsWith(ohif: Ohif, displaySet: DisplaySet): Promise<CornerstoneViewport[]> {
  const showing = viewportsShowing(ohif, displaySet);
  if (showing.length > 0) return showing;
  const { viewportGridService } = ohif.servicesManager.services;
  const viewportId = viewportGridService.getState().activeViewportId;
  viewportGridService.setDisplaySetsForViewports([
    { viewportId, displaySetInstanceUIDs: [displaySet.displaySetInstanceUID] },
  ]);
  const deadline = Date.now() + SHOW_TIMEOUT_MS;
  while (Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, CHECK_MS));
    const ready = viewportsShowing(ohif, displaySet).filter((viewport) => shows(viewport, displaySet));
    if (ready.length > 0) return ready;
  }
  throw new Error("The series could not be shown");
}

function shows(viewport: CornerstoneViewport, displaySet: DisplaySet): boolean {
  const imageId = viewport.getCurrentImageId();
  return imageId !== undefined && (displaySet.imageIds ?? []).includes(imageId);
}

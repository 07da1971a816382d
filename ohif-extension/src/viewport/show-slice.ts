import type { Box } from "../../../src/contract/finding.ts";
import type { SliceRef } from "../../../src/contract/slices.ts";
import { t } from "../../../src/contract/translate.ts";
import type { CornerstoneViewport, DisplaySet, Instance, Ohif, Point2 } from "../ohif-types.ts";
import {
  cornerstoneLibraries,
  imageDisplaySets,
  imageIdsOf,
  instanceOf,
  sliceIndex,
  viewportsShowing,
} from "./cornerstone.ts";
import { BRAIN_VOI } from "./windows.ts";

export interface SliceTarget extends SliceRef {
  /** Pixel that cross-sections in other planes go through; the middle of the image when absent. */
  point?: Point2;
}

/** A slice to be shown, and in it the middle of a box. */
export function targetAt(slice: SliceRef, box: Box | null = null): SliceTarget {
  const { seriesInstanceUid, sopInstanceUid, frameNumber } = slice;
  const target: SliceTarget = { seriesInstanceUid, sopInstanceUid, frameNumber };
  if (box !== null) {
    const [left, top, right, bottom] = box;
    target.point = [(left + right) / 2, (top + bottom) / 2];
  }
  return target;
}

const SHOW_TIMEOUT_MS = 15_000;
const CHECK_MS = 50;

/** Brings a slice up in every viewport that shows its series; where none does, the active one changes to it first. */
export async function showSlice(ohif: Ohif, { point, ...slice }: SliceTarget): Promise<void> {
  const { displaySet, referencedImageId } = imageOf(ohif, slice);
  const { cornerstone } = cornerstoneLibraries(ohif);
  for (const viewport of await viewportsWith(ohif, displaySet)) {
    if (viewport.type === "stack") {
      viewport.setViewReference({ referencedImageId, FrameOfReferenceUID: viewport.getFrameOfReferenceUID() });
    } else {
      const through = point ?? middleOfImage(instanceOf(cornerstone, referencedImageId));
      const world = cornerstone.utilities.imageToWorldCoords(referencedImageId, through);
      if (world) viewport.jumpToWorld?.(world);
    }
    viewport.render();
  }
}

/** @throws Error when OHIF has no such image */
function imageOf(ohif: Ohif, slice: SliceRef): { displaySet: DisplaySet; referencedImageId: string } {
  const displaySets = imageDisplaySets(ohif, slice.seriesInstanceUid);
  if (displaySets.length === 0) throw new Error(t("The viewer has not loaded the series of this slice: press U"));
  for (const displaySet of displaySets) {
    const referencedImageId = imageIdsOf(ohif, displaySet)[sliceIndex(ohif, displaySet, slice)];
    if (referencedImageId !== undefined) return { displaySet, referencedImageId };
  }
  throw new Error(t("The viewer has not loaded this slice: press U"));
}

function middleOfImage(image: Instance | undefined): Point2 {
  return [Number(image?.Columns ?? 0) / 2, Number(image?.Rows ?? 0) / 2];
}

async function viewportsWith(ohif: Ohif, displaySet: DisplaySet): Promise<CornerstoneViewport[]> {
  const { viewportGridService } = ohif.servicesManager.services;
  const { activeViewportId } = viewportGridService.getState();
  const [showing, ...others] = viewportsShowing(ohif, displaySet);
  if (showing === undefined) return hang(ohif, displaySet, activeViewportId);
  // The panel speaks of the active viewport.
  if (![showing, ...others].some(({ id }) => id === activeViewportId))
    viewportGridService.setActiveViewportId(showing.id);
  return [showing, ...others];
}

/** Puts a series into a viewport, in the brain window, and waits until it is there. */
async function hang(ohif: Ohif, displaySet: DisplaySet, viewportId: string): Promise<CornerstoneViewport[]> {
  const { viewportGridService } = ohif.servicesManager.services;
  const displaySetInstanceUIDs = [displaySet.displaySetInstanceUID];
  viewportGridService.setDisplaySetsForViewports([{ viewportId, displaySetInstanceUIDs }]);
  const deadline = Date.now() + SHOW_TIMEOUT_MS;
  while (Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, CHECK_MS));
    const ready = viewportsShowing(ohif, displaySet).filter((viewport) => shows(viewport, displaySet));
    if (ready.length === 0) continue;
    ohif.commandsManager.runCommand("setViewportWindowLevel", { viewportId, ...BRAIN_VOI });
    return ready;
  }
  throw new Error(t("The series could not be shown"));
}

/** Whether an image of the display set is loaded and drawn; its id alone is known before, and its window is not. */
function shows(viewport: CornerstoneViewport, { imageIds = [] }: DisplaySet): boolean {
  const imageId = viewport.getCornerstoneImage ? viewport.getCornerstoneImage()?.imageId : viewport.getCurrentImageId();
  return imageId !== undefined && imageIds.includes(imageId);
}

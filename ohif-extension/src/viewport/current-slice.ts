import type { Ohif } from "../ohif-types.ts";
import { type SliceRef, sliceKey } from "../slices.ts";
import { createStore } from "../ui/store.ts";
import { cornerstoneLibraries, instanceOf, sliceOfImage } from "./cornerstone.ts";

/** What the active viewport shows. */
export interface CurrentSlice extends SliceRef {
  studyInstanceUid: string;
}

export const currentSlice = createStore<CurrentSlice | null>(null);

/** Cornerstone dispatches these on a viewport's element; they do not bubble, so they are caught on their way down. */
const IMAGE_EVENTS = ["CORNERSTONE_STACK_NEW_IMAGE", "CORNERSTONE_VOLUME_NEW_IMAGE", "CORNERSTONE_IMAGE_RENDERED"];

/** Keeps `currentSlice` up to date until the returned function is called. */
export function followCurrentSlice(ohif: Ohif): () => void {
  const { viewportGridService, cornerstoneViewportService } = ohif.servicesManager.services;
  const { cornerstone } = cornerstoneLibraries(ohif);
  const update = () => {
    const { activeViewportId } = viewportGridService.getState();
    const imageId = cornerstoneViewportService.getCornerstoneViewport(activeViewportId)?.getCurrentImageId?.();
    const slice = imageId === undefined ? undefined : sliceOfImage(cornerstone, imageId);
    if (imageId === undefined || slice === undefined) return;
    const before = currentSlice.get();
    if (before !== null && sliceKey(before) === sliceKey(slice)) return;
    currentSlice.set({ ...slice, studyInstanceUid: instanceOf(cornerstone, imageId)?.StudyInstanceUID ?? "" });
  };
  for (const event of IMAGE_EVENTS) document.addEventListener(event, update, { capture: true });
  const { ACTIVE_VIEWPORT_ID_CHANGED } = viewportGridService.EVENTS;
  const subscription = viewportGridService.subscribe(ACTIVE_VIEWPORT_ID_CHANGED!, update);
  return () => {
    for (const event of IMAGE_EVENTS) document.removeEventListener(event, update, { capture: true });
    subscription.unsubscribe();
    currentSlice.set(null);
  };
}

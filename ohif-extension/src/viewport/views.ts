import type { SliceRef } from "../../../src/contract/slices.ts";
import type { DisplaySet } from "../ohif-types.ts";
import { createStore } from "../ui/store.ts";

/** What a viewport shows. */
export interface ViewOnScreen {
  viewportId: string;
  displaySet: DisplaySet;
  /** Of the display set, which is there before its first image is. */
  studyInstanceUid: string;
  /** An image of the display set is drawn: what a reader sees is of this study. */
  isDrawn: boolean;
  /** null where no slice is shown as it was taken, as in other planes. */
  slice: SliceRef | null;
}

/** Every viewport that shows something, by viewport id. */
export const viewsOnScreen = createStore<ReadonlyMap<string, ViewOnScreen>>(new Map());

/** The active viewport; null when it is empty. */
export const activeView = createStore<ViewOnScreen | null>(null);

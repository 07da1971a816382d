import { createStore } from "../ui/store.ts";

/** Two studies that hang side by side. */
export interface BesideView {
  priorUid: string;
  /** Display Set Instance UIDs */
  displaySets: { opened: string; prior: string };
  /** Scrolling one scrolls the other. */
  isLinked: boolean;
}

export const besideView = createStore<BesideView | null>(null);

import { createStore } from "../ui/store.ts";

/** Whether the sheet of keys lies over the images. */
export const keysShown = createStore(false);

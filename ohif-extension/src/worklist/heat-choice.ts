import { createStore } from "../ui/store.ts";

/** Whether the heat map lies over the pictures of the preview. */
export const isHeatOn = createStore(true);

export function toggleHeat(): void {
  isHeatOn.set(!isHeatOn.get());
}

import { createStore } from "../ui/store.ts";

/** What the heat map is doing; `opacity` is kept while it is off. */
export interface HeatMapView {
  state: "off" | "loading" | "on";
  /** Whose it is; null while off. */
  studyInstanceUid: string | null;
  opacity: number;
}

export const heatMapView = createStore<HeatMapView>({ state: "off", studyInstanceUid: null, opacity: 0.5 });

export function changeHeatMapView(changes: Partial<HeatMapView>): void {
  heatMapView.set({ ...heatMapView.get(), ...changes });
}

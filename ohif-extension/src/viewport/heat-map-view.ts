import { createStore } from "../ui/store.ts";

/** What the heat map is doing; `opacity` is kept while it is off. */
export interface HeatMapView {
  state: "off" | "loading" | "on";
  opacity: number;
}

export const heatMapView = createStore<HeatMapView>({ state: "off", opacity: 0.5 });

export function changeHeatMapView(changes: Partial<HeatMapView>): void {
  heatMapView.set({ ...heatMapView.get(), ...changes });
}

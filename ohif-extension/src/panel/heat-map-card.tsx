import React from "react";
import { useStore } from "../ui/use-store.ts";
import { heatMapView } from "../viewport/heat-map-view.ts";
import type { ViewerActions } from "../viewport/viewer-actions.ts";

/** Switch and opacity of the heat map. */
export function HeatMapCard({ actions }: { actions: ViewerActions }) {
  const { state, opacity } = useStore(heatMapView);
  return (
    <section className="vigil-card vigil-row" data-cy="vigil-heat-map-card">
      <button
        type="button"
        className="vigil-button"
        data-cy="vigil-heat-map"
        aria-pressed={state === "on"}
        disabled={state === "loading"}
        onClick={actions.toggleHeatMap}
      >
        Heat map <kbd className="vigil-key">H</kbd>
      </button>
      <input
        type="range"
        className="vigil-grow"
        data-cy="vigil-heat-map-opacity"
        aria-label="Opacity of the heat map"
        min={0.1}
        max={1}
        step={0.05}
        value={opacity}
        onChange={(event) => actions.setHeatMapOpacity(Number(event.target.value))}
      />
    </section>
  );
}

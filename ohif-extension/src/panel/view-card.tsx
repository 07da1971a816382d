import React from "react";
import { t } from "../../../src/contract/translate.ts";
import { useStore } from "../ui/use-store.ts";
import { heatMapView } from "../viewport/heat-map-view.ts";
import type { ViewerActions } from "../viewport/viewer-actions.ts";
import { WINDOWS } from "../viewport/window-table.ts";

/** How the image is looked at: its window, and the heat map with its opacity. */
export function ViewCard({ actions, hasHeatMap }: { actions: ViewerActions; hasHeatMap: boolean }) {
  return (
    <section className="vigil-card" data-cy="vigil-view-card">
      <h3>{t("Window")}</h3>
      <div className="vigil-windows">
        {WINDOWS.map(({ id, name, hu }, index) => (
          <button
            key={id}
            type="button"
            className="vigil-button"
            data-cy={`vigil-window-${id}`}
            title={hu === null ? t("the window that the image brings along") : `W ${hu.width} L ${hu.center}`}
            onClick={() => actions.setWindow(id)}
          >
            {hu === null ? t("Own") : t(name)} <kbd className="vigil-key">{index + 1}</kbd>
          </button>
        ))}
      </div>
      {hasHeatMap && <HeatMapRow actions={actions} />}
    </section>
  );
}

function HeatMapRow({ actions }: { actions: ViewerActions }) {
  const { state, opacity } = useStore(heatMapView);
  return (
    <div className="vigil-row vigil-heat-map-row">
      <button
        type="button"
        className="vigil-button"
        data-cy="vigil-heat-map"
        aria-pressed={state === "on"}
        disabled={state === "loading"}
        onClick={actions.toggleHeatMap}
      >
        {t("Heat map")} <kbd className="vigil-key">H</kbd>
      </button>
      <input
        type="range"
        className="vigil-grow"
        data-cy="vigil-heat-map-opacity"
        aria-label={t("Opacity of the heat map")}
        min={0.1}
        max={1}
        step={0.05}
        value={opacity}
        onChange={(event) => actions.setHeatMapOpacity(Number(event.target.value))}
      />
    </div>
  );
}

import type { StudyResource } from "../../../src/contract/study.ts";
import { t } from "../../../src/contract/translate.ts";
import type { Ohif } from "../ohif-types.ts";
import { openStudies, resultOf } from "../studies.ts";
import { changeHeatMapView, heatMapView } from "./heat-map-view.ts";
import type { ShownHeatMap } from "./shown-heat-map.ts";
import { activeView } from "./views.ts";

/** Switches the heat map of a study on and off, over every display set on the screen that was read. */
export class HeatMapControl {
  readonly #ohif: Ohif;
  #shown: ShownHeatMap | undefined;
  /** Counts what was asked for: an answer that comes too late is dropped. */
  #turn = 0;
  /** Kept by cornerstone while the viewer is open. */
  #colorTable: number | undefined;

  constructor(ohif: Ohif) {
    this.#ohif = ohif;
  }

  /** @throws Error that says why there is nothing to show */
  async toggle(studyInstanceUid: string): Promise<void> {
    if (heatMapView.get().state === "off") await this.#show(studyInstanceUid);
    else this.#hide();
  }

  /**
   * Keeps to the study in the active viewport, and to its present result, while it is on: the heat map of another one
   * is never left standing. Ends when the returned function is called.
   */
  follow(): () => void {
    let shownFor: StudyResource | undefined;
    const check = () => {
      const { state, studyInstanceUid } = heatMapView.get();
      const view = activeView.get();
      if (state === "off" || view === null) return;
      const result = resultOf(view.studyInstanceUid);
      const isOther = view.studyInstanceUid !== studyInstanceUid || !isSameResult(shownFor, result);
      if (!isOther) return;
      shownFor = result;
      this.#hide();
      // A study without a heat map has none to show: the switch goes off.
      if (result) void this.#show(view.studyInstanceUid).catch(() => {});
    };
    const subscriptions = [
      activeView.subscribe(check),
      openStudies.subscribe(check),
      heatMapView.subscribe(() => {
        const { state, studyInstanceUid } = heatMapView.get();
        if (state !== "off" && studyInstanceUid !== null) shownFor = resultOf(studyInstanceUid);
      }),
    ];
    return () => {
      for (const unsubscribe of subscriptions) unsubscribe();
    };
  }

  async #show(studyInstanceUid: string): Promise<void> {
    changeHeatMapView({ state: "loading", studyInstanceUid });
    const turn = ++this.#turn;
    try {
      const { addColorTable, ShownHeatMap, visibleHeatMap } = await import("./shown-heat-map.ts");
      const heatMap = await visibleHeatMap(studyInstanceUid);
      if (turn !== this.#turn) return;
      this.#colorTable ??= addColorTable(this.#ohif);
      const shown = new ShownHeatMap(this.#ohif, heatMap, this.#colorTable);
      this.#shown = shown;
      await shown.update();
      if (turn !== this.#turn) return;
      if (shown.isEmpty) throw new Error(t("No series on the screen was read"));
      changeHeatMapView({ state: "on" });
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#hide();
      throw error;
    }
  }

  setOpacity(opacity: number): void {
    changeHeatMapView({ opacity });
    this.#shown?.setOpacity(opacity);
  }

  /** To be called when the viewer closes: OHIF then throws away all segmentations and colour tables. */
  leave(): void {
    this.#hide();
    this.#colorTable = undefined;
  }

  #hide(): void {
    this.#shown?.remove();
    this.#shown = undefined;
    this.#turn++;
    changeHeatMapView({ state: "off", studyInstanceUid: null });
  }
}

/** Answers of readers change a study, too, and leave its heat map as it is. */
function isSameResult(a: StudyResource | undefined, b: StudyResource | undefined): boolean {
  return (
    a?.history.length === b?.history.length && a?.flag === b?.flag && a?.probabilities?.any === b?.probabilities?.any
  );
}

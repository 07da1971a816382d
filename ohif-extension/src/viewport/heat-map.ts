import type { HeatMapResource } from "../../../src/contract/heat-map.ts";
import { sliceKey } from "../../../src/contract/slices.ts";
import type { StudyResource } from "../../../src/contract/study.ts";
import { t } from "../../../src/contract/translate.ts";
import { fetchHeatMap } from "../api.ts";
import type { DisplaySet, Ohif, Subscription } from "../ohif-types.ts";
import { openStudies, resultOf } from "../studies.ts";
import { cornerstoneLibraries, displaySetsOnScreen, imageIdsOf, sliceOfImage } from "./cornerstone.ts";
import { addColorTable, HeatMapLayer } from "./heat-map-layer.ts";
import { isVisible } from "./heat-map-raster.ts";
import { changeHeatMapView, heatMapView } from "./heat-map-view.ts";
import { activeView } from "./views.ts";

/** OHIF rebuilds a viewport in several steps. */
const SETTLE_MS = 200;

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

async function visibleHeatMap(studyInstanceUid: string): Promise<HeatMapResource> {
  const heatMap = await fetchHeatMap(studyInstanceUid, "any");
  if (heatMap === undefined) throw new Error(t("There is no heat map for this study"));
  if (!isVisible(heatMap)) throw new Error(t("The heat map is empty: the model saw nothing suspicious"));
  return heatMap;
}

/** One study's heat map while it is on: a layer for each of its display sets that comes onto the screen. */
class ShownHeatMap {
  readonly #ohif: Ohif;
  readonly #heatMap: HeatMapResource;
  readonly #colorTable: number;
  /** By display set: begun once, so that two changes of the screen in a row do not make two. */
  readonly #layers = new Map<DisplaySet, Promise<HeatMapLayer>>();
  readonly #subscriptions: Subscription[];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #removed = false;

  constructor(ohif: Ohif, heatMap: HeatMapResource, colorTable: number) {
    this.#ohif = ohif;
    this.#heatMap = heatMap;
    this.#colorTable = colorTable;
    this.#subscriptions = this.#followScreen();
  }

  get isEmpty(): boolean {
    return this.#layers.size === 0;
  }

  /** Makes the layers that are wanted now, and puts each where it belongs. */
  async update(): Promise<void> {
    for (const displaySet of displaySetsOnScreen(this.#ohif)) {
      if (!this.#layers.has(displaySet) && this.#covers(displaySet)) this.#begin(displaySet);
    }
    for (const layer of await Promise.all(this.#layers.values())) {
      if (!this.#removed) await layer.attach();
    }
  }

  setOpacity(opacity: number): void {
    this.#withLayers((layer) => layer.setOpacity(opacity));
  }

  remove(): void {
    this.#removed = true;
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#withLayers((layer) => layer.remove());
  }

  #begin(displaySet: DisplaySet): void {
    const layer = this.#create(displaySet);
    this.#layers.set(displaySet, layer);
    // Tried again when the screen changes.
    layer.catch(() => this.#layers.delete(displaySet));
  }

  async #create(displaySet: DisplaySet): Promise<HeatMapLayer> {
    const layer = await HeatMapLayer.create(this.#ohif, displaySet, this.#heatMap, this.#colorTable);
    layer.setOpacity(heatMapView.get().opacity);
    return layer;
  }

  #covers(displaySet: DisplaySet): boolean {
    const { cornerstone } = cornerstoneLibraries(this.#ohif);
    const covered = new Set(this.#heatMap.slices.map(sliceKey));
    return imageIdsOf(this.#ohif, displaySet).some((imageId) => {
      const slice = sliceOfImage(cornerstone, imageId);
      return slice !== undefined && covered.has(sliceKey(slice));
    });
  }

  #followScreen(): Subscription[] {
    const { segmentationService, cornerstoneViewportService } = this.#ohif.servicesManager.services;
    const { VIEWPORT_DATA_CHANGED } = cornerstoneViewportService.EVENTS;
    const { SEGMENTATION_REPRESENTATION_MODIFIED } = segmentationService.EVENTS;
    return [
      cornerstoneViewportService.subscribe(VIEWPORT_DATA_CHANGED!, () => this.#updateSoon()),
      segmentationService.subscribe(SEGMENTATION_REPRESENTATION_MODIFIED!, ({ segmentationId, viewportId }) => {
        this.#withLayers((layer) => {
          if (layer.hasLostColors(String(segmentationId), String(viewportId))) this.#updateSoon();
        });
      }),
    ];
  }

  #updateSoon(): void {
    clearTimeout(this.#timer);
    if (this.#removed) return;
    this.#timer = setTimeout(() => void this.update().catch(() => {}), SETTLE_MS);
  }

  /** Now, or once they are made. */
  #withLayers(act: (layer: HeatMapLayer) => void): void {
    for (const layer of this.#layers.values()) void layer.then(act, () => {});
  }
}

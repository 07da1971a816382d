import type { HeatMapResource } from "../../../src/contract/heat-map.ts";
import { fetchHeatMap } from "../api.ts";
import type { DisplaySet, Ohif, Subscription } from "../ohif-types.ts";
import { sliceKey } from "../slices.ts";
import { cornerstoneLibraries, displaySetsOnScreen, imageIdsOf, sliceOfImage } from "./cornerstone.ts";
import { addColorTable, HeatMapLayer } from "./heat-map-layer.ts";
import { isVisible } from "./heat-map-raster.ts";
import { changeHeatMapView, heatMapView } from "./heat-map-view.ts";

/** OHIF rebuilds a viewport in several steps. */
const SETTLE_MS = 200;

/** Switches the heat map of a study on and off, over every display set on the screen that was read. */
export class HeatMapControl {
  readonly #ohif: Ohif;
  #shown: ShownHeatMap | undefined;
  /** Kept by cornerstone while the viewer is open. */
  #colorTable: number | undefined;

  constructor(ohif: Ohif) {
    this.#ohif = ohif;
  }

  /** @throws Error that says why there is nothing to show */
  async toggle(studyInstanceUid: string): Promise<void> {
    const { state } = heatMapView.get();
    if (state === "loading") return;
    if (state === "on") return this.#hide();
    changeHeatMapView({ state: "loading" });
    try {
      const heatMap = await visibleHeatMap(studyInstanceUid);
      this.#colorTable ??= addColorTable(this.#ohif);
      this.#shown = new ShownHeatMap(this.#ohif, heatMap, this.#colorTable);
      await this.#shown.update();
      if (this.#shown.isEmpty) throw new Error("No series on the screen was read");
      changeHeatMapView({ state: "on" });
    } catch (error) {
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
    changeHeatMapView({ state: "off" });
  }
}

async function visibleHeatMap(studyInstanceUid: string): Promise<HeatMapResource> {
  const heatMap = await fetchHeatMap(studyInstanceUid, "any");
  if (heatMap === undefined) throw new Error("There is no heat map for this study");
  if (!isVisible(heatMap)) throw new Error("The heat map is empty: the model saw nothing suspicious");
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

import type { HeatMapResource } from "../../../src/contract/heat-map.ts";
import { sliceKey } from "../../../src/contract/slices.ts";
import { t } from "../../../src/contract/translate.ts";
import { fetchHeatMap } from "../api.ts";
import type { DisplaySet, Ohif, Subscription } from "../ohif-types.ts";
import { cornerstoneLibraries, displaySetsOnScreen, imageIdsOf, sliceOfImage } from "./cornerstone.ts";
import { HeatMapLayer } from "./heat-map-layer.ts";
import { isVisible } from "./heat-map-raster.ts";
import { heatMapView } from "./heat-map-view.ts";

export { addColorTable } from "./heat-map-layer.ts";

/** OHIF rebuilds a viewport in several steps. */
const SETTLE_MS = 200;

/** @throws Error that says why there is nothing to show */
export async function visibleHeatMap(studyInstanceUid: string): Promise<HeatMapResource> {
  const heatMap = await fetchHeatMap(studyInstanceUid, "any");
  if (heatMap === undefined) throw new Error(t("There is no heat map for this study"));
  if (!isVisible(heatMap)) throw new Error(t("The heat map is empty: the model saw nothing suspicious"));
  return heatMap;
}

/** One study's heat map while it is on: a layer for each of its display sets that comes onto the screen. */
export class ShownHeatMap {
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

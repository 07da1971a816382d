import { fetchHeatMap } from "../api.ts";
import type { Cornerstone, CornerstoneTools, DisplaySet, Labelmap, Ohif, Subscription } from "../ohif-types.ts";
import { resultOf } from "../studies.ts";
import { createStore } from "../ui/store.ts";
import { cornerstoneLibraries, imageDisplaySet, instanceOf, viewportsShowing } from "./cornerstone.ts";
import { heatMapColors, isVisible, paintHeatMap } from "./heat-map-raster.ts";

/** What the heat map is doing; `opacity` is kept while it is off. */
export interface HeatMapView {
  state: "off" | "loading" | "on";
  opacity: number;
}

export const heatMapView = createStore<HeatMapView>({ state: "off", opacity: 0.5 });

const SEGMENTATION_ID = "vigil-heat-map";
const REATTACH_MS = 200;

export interface HeatMapControl {
  toggle(studyInstanceUid: string): Promise<void>;
  setOpacity(opacity: number): void;
  /** To be called when the viewer closes: OHIF then throws away all segmentations and colour tables. */
  leave(): void;
}

/**
 * Shows a heat map as a labelmap of cornerstone whose 255 segments are the 255 levels of probability: so it follows
 * the image through zoom, pan and reconstruction in other planes.
 */
export function createHeatMapControl(ohif: Ohif): HeatMapControl {
  const { segmentationService, cornerstoneViewportService } = ohif.servicesManager.services;
  let subscriptions: Subscription[] = [];
  let colorTable: number | undefined;

  async function show(studyInstanceUid: string): Promise<void> {
    const seriesInstanceUid = resultOf(studyInstanceUid)?.seriesInstanceUid;
    const displaySet = seriesInstanceUid ? imageDisplaySet(ohif, seriesInstanceUid) : undefined;
    const heatMap = displaySet && (await fetchHeatMap(studyInstanceUid, "any"));
    if (!displaySet || !heatMap) throw new Error("There is no heat map for this study");
    if (!isVisible(heatMap)) throw new Error("The heat map is empty: the model saw nothing suspicious");
    const { cornerstone, cornerstoneTools } = cornerstoneLibraries(ohif);
    await segmentationService.createLabelmapForDisplaySet(displaySet, {
      segmentationId: SEGMENTATION_ID,
      label: "AI heat map",
      segments: { 1: { label: "Probability of haemorrhage", segmentIndex: 1, active: true, locked: true } },
    });
    const labelmap = segmentationService.getSegmentation(SEGMENTATION_ID)?.representationData.Labelmap;
    if (labelmap === undefined) throw new Error("The viewer could not make room for the heat map");
    const slices = new Map(heatMap.slices.map((slice) => [slice.sopInstanceUid, slice]));
    forEachSlice(cornerstone, labelmap, (sopInstanceUid, columns, pixels) => {
      const slice = slices.get(sopInstanceUid);
      if (slice) paintHeatMap(heatMap, slice, columns, pixels);
    });
    colorTable ??= cornerstoneTools.segmentation.config.color.addColorLUT(heatMapColors());
    setOpacity(heatMapView.get().opacity);
    await attach(displaySet, cornerstoneTools);
    cornerstoneTools.segmentation.triggerSegmentationEvents.triggerSegmentationDataModified(SEGMENTATION_ID);
    keepAttached(displaySet, cornerstoneTools);
  }

  async function attach(displaySet: DisplaySet, cornerstoneTools: CornerstoneTools): Promise<void> {
    const segmentationId = SEGMENTATION_ID;
    const type = cornerstoneTools.Enums.SegmentationRepresentations.Labelmap;
    for (const viewport of viewportsShowing(ohif, displaySet)) {
      if (segmentationService.getSegmentation(segmentationId) === undefined) return;
      if (segmentationService.getSegmentationRepresentations(viewport.id, { segmentationId }).length === 0) {
        await segmentationService.addSegmentationRepresentation(viewport.id, { segmentationId, type });
      }
      cornerstoneTools.segmentation.config.color.setColorLUT(viewport.id, segmentationId, colorTable!);
      // Setting any one colour makes OHIF remember our colour table for when it builds the viewport anew.
      segmentationService.setSegmentColor(viewport.id, segmentationId, 1, heatMapColors()[1]!);
      viewport.render();
    }
  }

  /** After a change of layout OHIF adds the labelmap again by itself, but in its own colours. */
  function keepAttached(displaySet: DisplaySet, cornerstoneTools: CornerstoneTools): void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = () => {
      clearTimeout(timer);
      timer = setTimeout(() => void attach(displaySet, cornerstoneTools), REATTACH_MS);
    };
    const brightest = heatMapColors()[255]!.join();
    const hasOtherColors = (viewportId: string) => {
      const { color } = cornerstoneTools.segmentation.config;
      return color.getSegmentIndexColor(viewportId, SEGMENTATION_ID, 255)?.join() !== brightest;
    };
    const { VIEWPORT_DATA_CHANGED } = cornerstoneViewportService.EVENTS;
    const { SEGMENTATION_REPRESENTATION_MODIFIED } = segmentationService.EVENTS;
    subscriptions = [
      cornerstoneViewportService.subscribe(VIEWPORT_DATA_CHANGED!, again),
      segmentationService.subscribe(SEGMENTATION_REPRESENTATION_MODIFIED!, ({ segmentationId, viewportId }) => {
        if (segmentationId === SEGMENTATION_ID && hasOtherColors(String(viewportId))) again();
      }),
    ];
  }

  function setOpacity(opacity: number): void {
    const { cornerstoneTools } = cornerstoneLibraries(ohif);
    const type = cornerstoneTools.Enums.SegmentationRepresentations.Labelmap;
    const style = { renderFill: true, fillAlpha: opacity, renderOutline: false };
    cornerstoneTools.segmentation.config.style.setStyle({ segmentationId: SEGMENTATION_ID, type }, style);
    heatMapView.set({ ...heatMapView.get(), opacity });
  }

  function remove(): void {
    for (const subscription of subscriptions) subscription.unsubscribe();
    subscriptions = [];
    if (segmentationService.getSegmentation(SEGMENTATION_ID)) segmentationService.remove(SEGMENTATION_ID);
    heatMapView.set({ ...heatMapView.get(), state: "off" });
  }

  return {
    async toggle(studyInstanceUid) {
      if (heatMapView.get().state === "loading") return;
      if (heatMapView.get().state === "on") return remove();
      heatMapView.set({ ...heatMapView.get(), state: "loading" });
      try {
        await show(studyInstanceUid);
        heatMapView.set({ ...heatMapView.get(), state: "on" });
      } catch (error) {
        remove();
        throw error;
      }
    },
    setOpacity,
    leave() {
      remove();
      colorTable = undefined;
    },
  };
}

function forEachSlice(
  cornerstone: Cornerstone,
  labelmap: Labelmap,
  visit: (sopInstanceUid: string, columns: number, pixels: Uint8Array) => void,
): void {
  for (const [index, imageId] of labelmap.imageIds.entries()) {
    const pixels = cornerstone.cache.getImage(imageId)?.voxelManager.getScalarData();
    const image = instanceOf(cornerstone, labelmap.referencedImageIds[index]!);
    if (pixels && image) visit(image.SOPInstanceUID, Number(image.Columns), pixels);
  }
}

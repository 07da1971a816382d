import type { HeatMapResource } from "../../../src/contract/heat-map.ts";
import { sliceKey } from "../../../src/contract/slices.ts";
import type { DisplaySet, Labelmap, Ohif } from "../ohif-types.ts";
import { cornerstoneLibraries, instanceOf, sliceOfImage, viewportsShowing } from "./cornerstone.ts";
import { heatMapColors, paintHeatMap } from "./heat-map-raster.ts";

const COLORS = heatMapColors();
const SEGMENT = { label: "Probability of haemorrhage", segmentIndex: 1, active: true, locked: true };

/** Hands the colours to cornerstone. Returns the number of its table, which holds until the viewer closes. */
export function addColorTable(ohif: Ohif): number {
  return cornerstoneLibraries(ohif).cornerstoneTools.segmentation.config.color.addColorLUT(COLORS);
}

/**
 * The heat map over one display set: a labelmap of cornerstone whose 255 segments are the 255 levels of probability, so
 * that it follows the image through zoom, pan and reconstruction in other planes.
 */
export class HeatMapLayer {
  readonly #ohif: Ohif;
  readonly #displaySet: DisplaySet;
  readonly #colorTable: number;
  readonly #segmentationId: string;

  private constructor(ohif: Ohif, displaySet: DisplaySet, colorTable: number) {
    this.#ohif = ohif;
    this.#displaySet = displaySet;
    this.#colorTable = colorTable;
    this.#segmentationId = `vigil-heat-map-${displaySet.displaySetInstanceUID}`;
  }

  /** Paints the slices of the heat map that the display set holds; nothing is shown before `attach`. */
  static async create(
    ohif: Ohif,
    displaySet: DisplaySet,
    heatMap: HeatMapResource,
    colorTable: number,
  ): Promise<HeatMapLayer> {
    const layer = new HeatMapLayer(ohif, displaySet, colorTable);
    paint(ohif, await layer.#createLabelmap(), heatMap);
    return layer;
  }

  /** Shows the heat map in every viewport that shows the display set and does not have it, or not in our colours. */
  async attach(): Promise<void> {
    const { segmentationService } = this.#ohif.servicesManager.services;
    const { color } = this.#tools.segmentation.config;
    const segmentationId = this.#segmentationId;
    for (const viewport of viewportsShowing(this.#ohif, this.#displaySet)) {
      if (segmentationService.getSegmentation(segmentationId) === undefined) return;
      if (segmentationService.getSegmentationRepresentations(viewport.id, { segmentationId }).length === 0) {
        await segmentationService.addSegmentationRepresentation(viewport.id, { segmentationId, type: this.#type });
      }
      color.setColorLUT(viewport.id, segmentationId, this.#colorTable);
      // Setting any one colour makes OHIF remember our colour table for when it builds the viewport anew.
      segmentationService.setSegmentColor(viewport.id, segmentationId, 1, COLORS[1]!);
      viewport.render();
    }
    this.#tools.segmentation.triggerSegmentationEvents.triggerSegmentationDataModified(segmentationId);
  }

  setOpacity(opacity: number): void {
    const target = { segmentationId: this.#segmentationId, type: this.#type };
    const style = { renderFill: true, fillAlpha: opacity, renderOutline: false };
    this.#tools.segmentation.config.style.setStyle(target, style);
  }

  /** After a change of layout OHIF adds the labelmap again by itself, but in its own colours. */
  hasLostColors(segmentationId: string, viewportId: string): boolean {
    if (segmentationId !== this.#segmentationId) return false;
    const { color } = this.#tools.segmentation.config;
    return color.getSegmentIndexColor(viewportId, segmentationId, 255)?.join() !== COLORS[255]!.join();
  }

  remove(): void {
    const { segmentationService } = this.#ohif.servicesManager.services;
    if (segmentationService.getSegmentation(this.#segmentationId)) segmentationService.remove(this.#segmentationId);
  }

  async #createLabelmap(): Promise<Labelmap> {
    const { segmentationService } = this.#ohif.servicesManager.services;
    const segmentationId = this.#segmentationId;
    const options = { segmentationId, label: "AI heat map", segments: { 1: SEGMENT } };
    await segmentationService.createLabelmapForDisplaySet(this.#displaySet, options);
    const labelmap = segmentationService.getSegmentation(segmentationId)?.representationData.Labelmap;
    if (labelmap === undefined) throw new Error("The viewer could not make room for the heat map");
    return labelmap;
  }

  get #tools() {
    return cornerstoneLibraries(this.#ohif).cornerstoneTools;
  }

  get #type() {
    return this.#tools.Enums.SegmentationRepresentations.Labelmap;
  }
}

function paint(ohif: Ohif, labelmap: Labelmap, heatMap: HeatMapResource): void {
  const { cornerstone } = cornerstoneLibraries(ohif);
  const painted = new Map(heatMap.slices.map((slice) => [sliceKey(slice), slice]));
  for (const [index, imageId] of labelmap.imageIds.entries()) {
    const imageIdBelow = labelmap.referencedImageIds[index]!;
    const below = sliceOfImage(cornerstone, imageIdBelow);
    const slice = below && painted.get(sliceKey(below));
    const pixels = cornerstone.cache.getImage(imageId)?.voxelManager.getScalarData();
    if (slice && pixels) {
      paintHeatMap(heatMap, slice, Number(instanceOf(cornerstone, imageIdBelow)?.Columns), pixels);
    }
  }
}

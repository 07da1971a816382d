import { z } from "zod";
import { type Box, boxSchema } from "./finding.ts";
import { labelSchema } from "./probability.ts";
import { uidSchema } from "./uid.ts";

/**
 * Where the model sees each label: a coarse grid of probabilities per slice, laid over a square of the image.
 * Kept coarse everywhere (34 slices x 6 labels of 20 x 20 cells = 80 KB) and enlarged only where it is shown.
 */
export interface HeatMap {
  /** Cells per slice and label. */
  gridWidth: number;
  gridHeight: number;
  slices: HeatMapSlice[];
}

export interface HeatMapSlice {
  seriesInstanceUid: string;
  sopInstanceUid: string;
  /** Of a multi-frame image, from 1; null for an image of one frame. */
  frameNumber: number | null;
  /** The part of the image that the grid covers, in pixels; may reach beyond the image. */
  area: Box;
  /** labels x gridHeight x gridWidth in the order of LABELS; 255 = probability 1 */
  cells: Uint8Array;
}

/** The map of one label: `GET /api/studies/:uid/heatmap`. */
export const heatMapResourceSchema = z.object({
  label: labelSchema,
  seriesInstanceUid: uidSchema,
  gridWidth: z.int(),
  gridHeight: z.int(),
  slices: z.array(
    z.object({
      seriesInstanceUid: uidSchema,
      sopInstanceUid: uidSchema,
      frameNumber: z.int().min(1).nullable(),
      area: boxSchema.describe("pixels the grid covers: left, top, right, bottom"),
      cells: z.base64().describe("gridHeight x gridWidth bytes, 255 = probability 1"),
    }),
  ),
});
export type HeatMapResource = z.infer<typeof heatMapResourceSchema>;

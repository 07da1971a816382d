import { z } from "zod";
import { findingSchema } from "./finding.ts";
import { priorSchema } from "./prior.ts";
import { labelSchema, probabilitySchema } from "./probability.ts";
import { readingSchema, readSchema } from "./reading.ts";
import { flagSchema, notAnalysedReasonSchema, studyStateSchema } from "./study-state.ts";
import { uidSchema } from "./uid.ts";
import { warningSummarySchema } from "./warning-summary.ts";

export const MOST_KEY_SLICES = 4;
/** Rows and columns of a preview image. */
export const PREVIEW_PIXELS = 256;

const previewSliceSchema = z.object({
  seriesInstanceUid: uidSchema,
  sopInstanceUid: uidSchema,
  frameNumber: z.int().min(1).nullable(),
  /** As people count slices: from 1, from the lowest one up. */
  number: z.int(),
  of: z.int(),
  positionMm: z.number(),
  label: labelSchema,
  probability: probabilitySchema.describe("of the label in this slice"),
  image: z.string().describe("address of a PNG, 256 x 256, brain window"),
  heatImage: z.string().nullable().describe("the same with the heat map of the label"),
});
export type PreviewSlice = z.infer<typeof previewSliceSchema>;

/** What a reader wants to see of a study before opening it: `GET /api/studies/:uid/preview`. */
export const previewSchema = z.object({
  studyInstanceUid: uidSchema,
  state: studyStateSchema,
  flag: flagSchema,
  reason: notAnalysedReasonSchema.nullable(),
  /** Best first; of a study without a finding its highest slices. */
  keySlices: z.array(previewSliceSchema).max(MOST_KEY_SLICES),
  findings: z.array(findingSchema),
  priors: z.array(priorSchema),
  read: readSchema.nullable(),
  reading: readingSchema.nullable(),
  warnings: z.array(warningSummarySchema),
});
export type Preview = z.infer<typeof previewSchema>;

/** Which slice of a study, and which label's heat map over it. */
export const previewImageQuerySchema = z.strictObject({
  frame: z.coerce.number().int().min(1).optional().describe("of a multi-frame image"),
  heat: labelSchema.optional().describe("lay the heat map of this label over it"),
});

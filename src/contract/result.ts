import { z } from "zod";
import { findingSchema } from "./finding.ts";
import { modelRefSchema } from "./model.ts";
import { probabilitiesSchema } from "./probability.ts";
import { seriesDecisionSchema } from "./series.ts";
import { notAnalysedReasonSchema, studyStateSchema } from "./study-state.ts";
import { timingsSchema } from "./timings.ts";
import { uidSchema } from "./uid.ts";
import { warningSchema } from "./warning.ts";

/**
 * What Vigil says about a study: the shapes that scoring makes, the database keeps, the API serves and the viewer
 * shows. `vigil score --json` and `GET /api/studies/:uid` have these keys.
 */

const sliceResultSchema = z.object({
  seriesInstanceUid: uidSchema,
  sopInstanceUid: uidSchema,
  /** Of a multi-frame image, from 1; null for an image of one frame. */
  frameNumber: z.int().min(1).nullable(),
  /** Where the slice was read from; null when it came from a PACS. */
  file: z.string().nullable(),
  /** Position along the slice normal. */
  positionMm: z.number(),
  probabilities: probabilitiesSchema,
});
export type SliceResult = z.infer<typeof sliceResultSchema>;

const everyStudySchema = z.object({
  studyInstanceUid: uidSchema,
  state: studyStateSchema,
  series: z.array(seriesDecisionSchema),
  warnings: z.array(warningSchema),
  timings: timingsSchema,
});

/** A study that was read and scored. */
export const analysedSchema = everyStudySchema.extend({
  /** Of the series that were read, the one with the highest probability of `any`. */
  seriesInstanceUid: uidSchema,
  reason: z.null(),
  flag: z.enum(["critical", "undetermined", "negative"]),
  probabilities: probabilitiesSchema,
  findings: z.array(findingSchema),
  slices: z.array(sliceResultSchema).min(1),
  model: modelRefSchema,
  /** The execution provider that really ran the model: cpu, cuda, tensorrt, webgpu. */
  provider: z.string(),
});
export type Analysed = z.infer<typeof analysedSchema>;

/** A study in which nothing could be read, and why. */
export const notAnalysedSchema = everyStudySchema.extend({
  /** The series that was chosen but could not be read; null when none fits. */
  seriesInstanceUid: uidSchema.nullable(),
  reason: notAnalysedReasonSchema,
  flag: z.literal("not-analysed"),
  probabilities: z.null(),
  findings: z.array(findingSchema).max(0),
  slices: z.array(sliceResultSchema).max(0),
  model: modelRefSchema,
  provider: z.null(),
});
export type NotAnalysed = z.infer<typeof notAnalysedSchema>;

export const studyResultSchema = z.discriminatedUnion("flag", [analysedSchema, notAnalysedSchema]);
export type StudyResult = z.infer<typeof studyResultSchema>;

import { z } from "zod";
import { deliverySchema } from "./delivery.ts";
import { storedFeedbackSchema } from "./feedback.ts";
import { modelRefSchema } from "./model.ts";
import { priorSchema } from "./prior.ts";
import { problemSchema } from "./problem.ts";
import { readingSchema, readSchema } from "./reading.ts";
import { analysedSchema, notAnalysedSchema } from "./result.ts";
import { studyAttributesSchema } from "./study-attributes.ts";
import { flagSchema } from "./study-state.ts";
import { emptyTimings } from "./timings.ts";
import { uidSchema } from "./uid.ts";

/** One step of a study's way, oldest first. */
const studyEventSchema = z.object({ at: z.iso.datetime(), type: z.string(), detail: z.string() });

/** An earlier result of the same study, superseded by a later one. */
const historyEntrySchema = z.object({
  at: z.iso.datetime(),
  contentHash: z.string(),
  model: modelRefSchema.nullable(),
  flag: flagSchema,
  srSopInstanceUid: uidSchema.nullable(),
});
export type HistoryEntry = z.infer<typeof historyEntrySchema>;

/** What is known of a study whatever has become of it. */
const recordSchema = z.object({
  patient: studyAttributesSchema,
  receivedAt: z.iso.datetime(),
  error: problemSchema.nullable(),
  deliveries: z.array(deliverySchema),
  events: z.array(studyEventSchema),
  history: z.array(historyEntrySchema),
  /** Withdrawn answers and those to earlier results included, oldest first. */
  feedback: z.array(storedFeedbackSchema),
  read: readSchema.nullable(),
  reading: readingSchema.nullable(),
  /** Other studies of the same patient, newest first. */
  priors: z.array(priorSchema),
});

/** A study without a result: one that waits, or one that failed (its error says why) before it had any. */
const unreadSchema = notAnalysedSchema.extend({
  reason: z.null(),
  flag: z.enum(["pending", "not-analysed"]),
  model: z.null(),
});

/** Everything about one study: `GET /api/studies/:uid`. */
export const studyResourceSchema = z.union([
  analysedSchema.extend(recordSchema.shape),
  notAnalysedSchema.extend(recordSchema.shape),
  unreadSchema.extend(recordSchema.shape),
]);
export type StudyResource = z.infer<typeof studyResourceSchema>;

/** What there is to say of a study that has no result; state and flag are for the caller to add. */
export function withoutResult(studyInstanceUid: string) {
  return {
    studyInstanceUid,
    seriesInstanceUid: null,
    reason: null,
    probabilities: null,
    findings: [],
    slices: [],
    series: [],
    warnings: [],
    model: null,
    provider: null,
    timings: emptyTimings(),
  };
}

import { z } from "zod";
import { modelRefSchema } from "./model.ts";
import { labelSchema, probabilitySchema } from "./probability.ts";
import { readerSchema } from "./reading.ts";
import { flagSchema } from "./study-state.ts";
import { uidSchema } from "./uid.ts";

const decisionSchema = z
  .enum(["accept", "reject", "add"])
  .describe("accept = what Vigil says of it is right; reject = it is not there; add = it is there");

/**
 * What a reader says of a finding. "The whole study is negative" is `reject` of `any` without a finding; a kind is
 * corrected by `reject` of one label and `add` of another.
 */
export const feedbackSchema = z.strictObject({
  findingId: z.string().min(1).optional(),
  decision: decisionSchema,
  label: labelSchema,
  sopInstanceUid: uidSchema.optional(),
  comment: z.string().max(2000).optional(),
  reader: readerSchema.optional().describe("a login wins over it"),
});
export type Feedback = z.infer<typeof feedbackSchema>;

export const storedFeedbackSchema = feedbackSchema.extend({
  id: z.string(),
  at: z.iso.datetime(),
  reader: readerSchema.nullable(),
  withdrawnAt: z.iso.datetime().nullable().describe("taken back, or contradicted by the same reader later"),
  /** An answer to an earlier result stays in the history; the study is not read by it. */
  toPresentResult: z.boolean(),
});
export type StoredFeedback = z.infer<typeof storedFeedbackSchema>;

/** An answer as a label, with what Vigil said when it was given: `GET /api/feedback`. */
export const feedbackRecordSchema = z.object({
  id: z.string(),
  studyInstanceUid: uidSchema,
  patientId: z.string(),
  seriesInstanceUid: uidSchema.nullable(),
  sopInstanceUid: uidSchema.nullable(),
  label: labelSchema,
  decision: decisionSchema,
  present: z.boolean().describe("whether the reader says that it is there"),
  reader: readerSchema.nullable(),
  at: z.iso.datetime(),
  withdrawnAt: z.iso.datetime().nullable(),
  comment: z.string().nullable(),
  flag: flagSchema,
  probability: probabilitySchema.nullable().describe("study probability of this label"),
  model: modelRefSchema.nullable(),
  contentHash: z.string().nullable(),
});
export type FeedbackRecord = z.infer<typeof feedbackRecordSchema>;

export const feedbackQuerySchema = z.strictObject({
  since: z.iso.datetime({ offset: true }).optional().describe("given or withdrawn at this time or later"),
  until: z.iso.datetime({ offset: true }).optional().describe("given or withdrawn before this time"),
  limit: z.coerce.number().int().min(1).max(1000).default(500),
  cursor: z.string().max(200).optional(),
});
export type FeedbackQuery = z.infer<typeof feedbackQuerySchema>;

export const feedbackPageSchema = z.object({
  items: z.array(feedbackRecordSchema),
  nextCursor: z.string().nullable(),
});
export type FeedbackPage = z.infer<typeof feedbackPageSchema>;

import { z } from "zod";
import { labelSchema } from "./probability.ts";
import { uidSchema } from "./uid.ts";

/** What a reader says of a finding. */
export const feedbackSchema = z.strictObject({
  findingId: z.string().min(1).optional(),
  decision: z.enum(["accept", "reject", "add"]),
  label: labelSchema,
  sopInstanceUid: uidSchema.optional(),
  comment: z.string().max(2000).optional(),
});
export type Feedback = z.infer<typeof feedbackSchema>;

export const storedFeedbackSchema = feedbackSchema.extend({ id: z.string(), at: z.iso.datetime() });
export type StoredFeedback = z.infer<typeof storedFeedbackSchema>;

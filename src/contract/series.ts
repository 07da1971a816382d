import { z } from "zod";
import { uidSchema } from "./uid.ts";

/** Whether a series of a study is read, and why. */
export const seriesDecisionSchema = z.object({
  seriesInstanceUid: uidSchema,
  description: z.string(),
  modality: z.string(),
  instances: z.int(),
  chosen: z.boolean(),
  /** Higher is better; negative when the series is excluded. */
  score: z.number(),
  /** Why, in words an imaging engineer uses, most important first. */
  reasons: z.array(z.string()),
});
export type SeriesDecision = z.infer<typeof seriesDecisionSchema>;

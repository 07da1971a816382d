import { z } from "zod";

/** Warnings of one kind, as one line that opens. */
export const warningSummarySchema = z.object({
  code: z.string(),
  limitsFlag: z.boolean(),
  /** The only message, or the first and how many more there are. */
  text: z.string(),
  messages: z.array(z.string()).min(1),
});
export type WarningSummary = z.infer<typeof warningSummarySchema>;

import { z } from "zod";

export { notSeenOf } from "./not-seen.ts";

/** What is unusual about a study, in a radiologist's words. */
export const warningSchema = z.object({
  code: z.string(),
  message: z.string(),
  /** Something of the head was not seen: the study is not called free of blood. */
  limitsFlag: z.boolean(),
  /** What was not seen, in few words ("7 slices not read"); null where the flag is not limited. */
  notSeen: z.string().nullable(),
});
export type Warning = z.infer<typeof warningSchema>;

/** @param notSeen given where it forbids to say "no bleed found" */
export function warning(code: string, message: string, notSeen: string | null = null): Warning {
  return { code, message, limitsFlag: notSeen !== null, notSeen };
}

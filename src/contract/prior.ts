import { z } from "zod";
import { labelSchema, probabilitySchema } from "./probability.ts";
import { flagSchema, studyStateSchema } from "./study-state.ts";
import { uidSchema } from "./uid.ts";

/** Another study of the same patient, and what was said of it. */
export const priorSchema = z.object({
  studyInstanceUid: uidSchema,
  studyDate: z.string(),
  studyTime: z.string(),
  studyDescription: z.string(),
  state: studyStateSchema,
  flag: flagSchema,
  /** What was not seen, in few words each. */
  notSeen: z.array(z.string()),
  probability: probabilitySchema.nullable(),
  threshold: probabilitySchema.nullable(),
  findings: z.array(z.object({ label: labelSchema, probability: probabilitySchema })).describe("present ones only"),
});
export type Prior = z.infer<typeof priorSchema>;

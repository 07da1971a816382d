import { z } from "zod";

/** Why something failed: a code of the catalogue, and a sentence. */
export const problemSchema = z.object({ code: z.string(), message: z.string() });
export type Problem = z.infer<typeof problemSchema>;

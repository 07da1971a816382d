import { z } from "zod";

export const modelRefSchema = z.object({ name: z.string(), version: z.string() });
export type ModelRef = z.infer<typeof modelRefSchema>;

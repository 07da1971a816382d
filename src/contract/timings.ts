import { z } from "zod";

/** Milliseconds per step; a step that did not happen is 0. */
export const timingsSchema = z.object({
  retrieveMs: z.number(),
  decodeMs: z.number(),
  preprocessMs: z.number(),
  inferenceMs: z.number(),
  reportMs: z.number(),
  totalMs: z.number(),
});
export type Timings = z.infer<typeof timingsSchema>;

export function emptyTimings(): Timings {
  return { retrieveMs: 0, decodeMs: 0, preprocessMs: 0, inferenceMs: 0, reportMs: 0, totalMs: 0 };
}

import { z } from "zod";
import { modelRefSchema } from "./model.ts";
import { worklistItemSchema } from "./worklist.ts";

/** What `GET /api/events` sends; `event:` is the type, `data:` the rest as JSON. */
export const triageEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("study-updated"), study: worklistItemSchema }),
  z.object({ type: z.literal("flagged"), study: worklistItemSchema }),
  z.object({ type: z.literal("queue"), waiting: z.int(), active: z.int() }),
  z.object({ type: z.literal("model"), model: modelRefSchema }),
]);
export type TriageEvent = z.infer<typeof triageEventSchema>;

import { z } from "zod";
import { studyAttributesSchema } from "../dicom/study-attributes.ts";
import {
  deliverySchema,
  flagSchema,
  labelSchema,
  modelRefSchema,
  notAnalysedReasonSchema,
  probabilitySchema,
  studyResultSchema,
  studyStateSchema,
  uidSchema,
} from "../result.ts";

/** What the workflow shows to the outside: the HTTP API serves these shapes and its OpenAPI document is made of them. */

const timestampSchema = z.iso.datetime();

export const problemSchema = z.object({ code: z.string(), message: z.string() });

export const worklistItemSchema = z.object({
  studyInstanceUid: uidSchema,
  patientId: z.string(),
  patientName: z.string(),
  patientBirthDate: z.string(),
  studyDescription: z.string(),
  studyDate: z.string(),
  accessionNumber: z.string(),
  receivedAt: timestampSchema,
  /** When the flag was decided; null before. */
  flaggedAt: timestampSchema.nullable(),
  state: studyStateSchema,
  flag: flagSchema,
  reason: notAnalysedReasonSchema.nullable(),
  /** Why the study failed; null unless state = failed. */
  error: problemSchema.nullable(),
  /** Study probability of `any`. */
  probability: probabilitySchema.nullable(),
  /** Probability from which `any` is critical. */
  threshold: probabilitySchema.nullable(),
  findings: z.array(z.object({ label: labelSchema, probability: probabilitySchema })).describe("present ones only"),
  /** Slices scored so far and in all, while state = scoring. */
  progress: z.object({ done: z.int(), total: z.int() }).nullable(),
  images: z.int().nullable(),
});
export type WorklistItem = z.infer<typeof worklistItemSchema>;

export const worklistQuerySchema = z.strictObject({
  state: studyStateSchema.optional(),
  flagged: z.enum(["true", "false"]).optional().describe("true = critical or undetermined"),
  q: z.string().max(200).optional().describe("part of patient name, patient id, accession number or description"),
  sort: z
    .enum(["priority", "received", "-received"])
    .default("priority")
    .describe("priority = flagged first, then oldest"),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(200).optional(),
});
export type WorklistQuery = z.infer<typeof worklistQuerySchema>;

export const worklistPageSchema = z.object({
  items: z.array(worklistItemSchema),
  nextCursor: z.string().nullable(),
});
export type WorklistPage = z.infer<typeof worklistPageSchema>;

/** One step of a study's way, oldest first. */
export const studyEventSchema = z.object({ at: timestampSchema, type: z.string(), detail: z.string() });

/** An earlier result of the same study, superseded by a later one. */
export const historyEntrySchema = z.object({
  at: timestampSchema,
  contentHash: z.string(),
  model: modelRefSchema.nullable(),
  flag: flagSchema,
  srSopInstanceUid: uidSchema.nullable(),
});

export const feedbackSchema = z.strictObject({
  findingId: z.string().min(1).optional(),
  decision: z.enum(["accept", "reject", "add"]),
  label: labelSchema,
  sopInstanceUid: uidSchema.optional(),
  comment: z.string().max(2000).optional(),
});
export type Feedback = z.infer<typeof feedbackSchema>;

export const storedFeedbackSchema = feedbackSchema.extend({ id: z.string(), at: timestampSchema });
export type StoredFeedback = z.infer<typeof storedFeedbackSchema>;

export const studyResourceSchema = studyResultSchema.extend({
  patient: studyAttributesSchema,
  receivedAt: timestampSchema,
  error: problemSchema.nullable(),
  deliveries: z.array(deliverySchema),
  events: z.array(studyEventSchema),
  history: z.array(historyEntrySchema),
  feedback: z.array(storedFeedbackSchema),
});
export type StudyResource = z.infer<typeof studyResourceSchema>;

export const heatMapResourceSchema = z.object({
  label: labelSchema,
  seriesInstanceUid: uidSchema,
  gridWidth: z.int(),
  gridHeight: z.int(),
  slices: z.array(
    z.object({
      sopInstanceUid: uidSchema,
      area: z
        .tuple([z.number(), z.number(), z.number(), z.number()])
        .describe("pixels the grid covers: left, top, right, bottom"),
      cells: z.base64().describe("gridHeight x gridWidth bytes, 255 = probability 1"),
    }),
  ),
});
export type HeatMapResource = z.infer<typeof heatMapResourceSchema>;

/** What `GET /api/events` sends; `event:` is the type, `data:` the rest as JSON. */
export const triageEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("study-updated"), study: worklistItemSchema }),
  z.object({ type: z.literal("flagged"), study: worklistItemSchema }),
  z.object({ type: z.literal("queue"), waiting: z.int(), active: z.int() }),
  z.object({ type: z.literal("model"), model: modelRefSchema }),
]);
export type TriageEvent = z.infer<typeof triageEventSchema>;

export const healthCheckSchema = z.object({ name: z.string(), ok: z.boolean(), detail: z.string() });
export type HealthCheck = z.infer<typeof healthCheckSchema>;

/** The workflow as the HTTP API sees it. Unknown studies are `undefined` or VigilError not-found. */
export interface TriageApi {
  worklist(query: WorklistQuery): Promise<WorklistPage>;
  study(studyInstanceUid: string): Promise<StudyResource | undefined>;
  heatMap(studyInstanceUid: string, label: z.infer<typeof labelSchema>): Promise<HeatMapResource | undefined>;
  /** Queues the study to be scored again. @throws VigilError not-found */
  rescore(studyInstanceUid: string): Promise<void>;
  /** @throws VigilError not-found for an unknown study or finding */
  addFeedback(studyInstanceUid: string, feedback: Feedback): Promise<StoredFeedback>;
  /** A PACS says that a study is complete (or has news); idempotent. */
  announce(studyInstanceUid: string): Promise<void>;
  /** Calls the listener for each event until the returned function is called. */
  subscribe(listener: (event: TriageEvent) => void): () => void;
  health(): Promise<HealthCheck[]>;
}

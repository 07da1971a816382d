import { z } from "zod";
import { labelSchema, probabilitySchema } from "./probability.ts";
import { problemSchema } from "./problem.ts";
import { readingSchema, readSchema } from "./reading.ts";
import { flagSchema, notAnalysedReasonSchema, studyStateSchema } from "./study-state.ts";
import { uidSchema } from "./uid.ts";

/**
 * Where a study stands in the list; exactly one, so that the counts add up. In the order of the list: `attention` =
 * nobody has answered a critical, then an undetermined one, then a head that could not be analysed.
 */
export const worklistGroupSchema = z.enum(["attention", "failed", "waiting", "negative", "not-analysed", "read"]);
export type WorklistGroup = z.infer<typeof worklistGroupSchema>;

export const worklistItemSchema = z.object({
  studyInstanceUid: uidSchema,
  patientId: z.string(),
  patientName: z.string(),
  patientBirthDate: z.string(),
  patientSex: z.string(),
  studyDescription: z.string(),
  studyDate: z.string(),
  studyTime: z.string(),
  accessionNumber: z.string(),
  /** Empty when the PACS does not say. */
  modalitiesInStudy: z.array(z.string()),
  receivedAt: z.iso.datetime(),
  /** When the flag was decided; null before. */
  flaggedAt: z.iso.datetime().nullable(),
  state: studyStateSchema,
  flag: flagSchema,
  reason: notAnalysedReasonSchema.nullable(),
  /** What was not seen, in few words each: why the study is not called free of blood. */
  notSeen: z.array(z.string()),
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
  /** All objects of the study, as the PACS counted them last. */
  instances: z.int().nullable(),
  group: worklistGroupSchema,
  /** Sorts the list: lowest first, then the one that has waited longest; read ones sink. */
  rank: z.int(),
  /** Somebody has it open. */
  reading: readingSchema.nullable(),
  /** A reader's answer to the present result stands: a later result is unread, even if the flag is the same. */
  read: readSchema.nullable(),
  /** Requested Procedure Priority (0040,1003) and where the patient lies; null when the PACS does not say. */
  priority: z.string().nullable(),
  ward: z.string().nullable(),
});
export type WorklistItem = z.infer<typeof worklistItemSchema>;

export const worklistQuerySchema = z.strictObject({
  state: studyStateSchema.optional(),
  flagged: z.enum(["true", "false"]).optional().describe("true = critical or undetermined"),
  group: worklistGroupSchema.optional(),
  q: z.string().max(200).optional().describe("part of patient name, patient id, accession number or description"),
  sort: z
    .enum(["priority", "received", "-received"])
    .default("priority")
    .describe("priority = by group, as in the list, then oldest first"),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(200).optional(),
});
export type WorklistQuery = z.infer<typeof worklistQuerySchema>;

export const worklistPageSchema = z.object({
  items: z.array(worklistItemSchema),
  nextCursor: z.string().nullable(),
});
export type WorklistPage = z.infer<typeof worklistPageSchema>;

/** `GET /api/worklist/counts` */
export const worklistCountsSchema = z.object({
  groups: z.record(worklistGroupSchema, z.int()),
  critical: z.int().describe("critical ones that nobody has answered"),
  undetermined: z.int().describe("undetermined ones that nobody has answered"),
});
export type WorklistCounts = z.infer<typeof worklistCountsSchema>;

import { z } from "zod";
import { LABELS } from "./labels.ts";

/**
 * What Vigil says about a study: the shapes that scoring makes, the database keeps, the API serves and the viewer
 * shows. `vigil score --json` and `GET /api/studies/:uid` have these keys.
 */

export const uidSchema = z
  .string()
  .max(64)
  .regex(/^[0-9]+(\.[0-9]+)*$/, "a DICOM UID: digits and dots, 64 characters at most")
  .meta({ id: "Uid", example: "1.2.840.113619.2.5.1" });

export const labelSchema = z.enum(LABELS);

export const probabilitySchema = z.number().min(0).max(1);

export const probabilitiesSchema = z.record(labelSchema, probabilitySchema);

export const studyStateSchema = z.enum([
  "received",
  "waiting",
  "scoring",
  "scored",
  "reported",
  "not-analysed",
  "failed",
]);
export type StudyState = z.infer<typeof studyStateSchema>;

/** What a reader sees first. `pending`: no result yet; `not-analysed` also covers a study that failed. */
export const flagSchema = z.enum(["critical", "undetermined", "negative", "not-analysed", "pending"]);
export type Flag = z.infer<typeof flagSchema>;

export const presenceSchema = z.enum(["present", "absent", "undetermined"]);
export type Presence = z.infer<typeof presenceSchema>;

/** Why a study was not analysed; each has a sentence in reasons.ts. */
export const notAnalysedReasonSchema = z.enum([
  "no-ct",
  "no-head",
  "no-axial",
  "contrast-only",
  "bone-kernel-only",
  "derived-only",
  "too-few-slices",
  "geometry-unusable",
  "pixels-unsupported",
  "study-empty",
]);
export type NotAnalysedReason = z.infer<typeof notAnalysedReasonSchema>;

/** Pixel coordinates of the whole image, top left of the first pixel = 0, 0: [left, top, right, bottom]. */
export const boxSchema = z.tuple([z.number(), z.number(), z.number(), z.number()]);
export type Box = z.infer<typeof boxSchema>;

export const keySliceSchema = z.object({
  sopInstanceUid: uidSchema,
  /** Index among the slices that were read, from 0, lowest position first. */
  z: z.int().min(0),
  box: boxSchema.nullable(),
});
export type KeySlice = z.infer<typeof keySliceSchema>;

export const lateralitySchema = z.enum(["left", "right", "bilateral", "midline"]);
export type Laterality = z.infer<typeof lateralitySchema>;

export const findingSchema = z.object({
  /** Stable when the same study is scored again: feedback refers to it. */
  id: z.string(),
  label: labelSchema,
  probability: probabilitySchema,
  /** Study probability from which the finding counts as present, and from which it is undetermined. */
  threshold: probabilitySchema,
  undeterminedFrom: probabilitySchema,
  presence: presenceSchema,
  laterality: lateralitySchema.nullable(),
  /** Strongest first; empty when the finding is absent. */
  keySlices: z.array(keySliceSchema),
});
export type Finding = z.infer<typeof findingSchema>;

export const sliceResultSchema = z.object({
  sopInstanceUid: uidSchema,
  /** Where the slice was read from; null when it came from a PACS. */
  file: z.string().nullable(),
  /** Position along the slice normal. */
  positionMm: z.number(),
  probabilities: probabilitiesSchema,
});
export type SliceResult = z.infer<typeof sliceResultSchema>;

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

export const warningSchema = z.object({ code: z.string(), message: z.string() });
export type Warning = z.infer<typeof warningSchema>;

export const modelRefSchema = z.object({ name: z.string(), version: z.string() });
export type ModelRef = z.infer<typeof modelRefSchema>;

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

export const studyResultSchema = z.object({
  studyInstanceUid: uidSchema,
  /** The chosen series; null when none fits. */
  seriesInstanceUid: uidSchema.nullable(),
  state: studyStateSchema,
  reason: notAnalysedReasonSchema.nullable(),
  flag: flagSchema,
  probabilities: probabilitiesSchema.nullable(),
  findings: z.array(findingSchema),
  slices: z.array(sliceResultSchema),
  series: z.array(seriesDecisionSchema),
  warnings: z.array(warningSchema),
  model: modelRefSchema.nullable(),
  /** The execution provider that really ran the model: cpu, cuda, tensorrt, webgpu. */
  provider: z.string().nullable(),
  timings: timingsSchema,
});
export type StudyResult = z.infer<typeof studyResultSchema>;

export const deliveryStateSchema = z.enum(["pending", "delivered", "failed"]);
export const deliveryKindSchema = z.enum(["sr"]);
export type DeliveryKind = z.infer<typeof deliveryKindSchema>;

export const deliverySchema = z.object({
  kind: deliveryKindSchema,
  state: deliveryStateSchema,
  sopInstanceUid: uidSchema.nullable(),
  attempts: z.int(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type Delivery = z.infer<typeof deliverySchema>;

export function emptyTimings(): Timings {
  return { retrieveMs: 0, decodeMs: 0, preprocessMs: 0, inferenceMs: 0, reportMs: 0, totalMs: 0 };
}

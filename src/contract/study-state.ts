import { z } from "zod";

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
  "values-not-hu",
  "study-empty",
]);
export type NotAnalysedReason = z.infer<typeof notAnalysedReasonSchema>;

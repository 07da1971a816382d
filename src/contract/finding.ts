import { z } from "zod";
import { labelSchema, probabilitySchema } from "./probability.ts";
import { uidSchema } from "./uid.ts";

const presenceSchema = z.enum(["present", "absent", "undetermined"]);
export type Presence = z.infer<typeof presenceSchema>;

/** Pixel coordinates of the whole image, top left of the first pixel = 0, 0: [left, top, right, bottom]. */
export const boxSchema = z.tuple([z.number(), z.number(), z.number(), z.number()]);
export type Box = z.infer<typeof boxSchema>;

const keySliceSchema = z.object({
  seriesInstanceUid: uidSchema,
  sopInstanceUid: uidSchema,
  /** Of a multi-frame image, from 1; null for an image of one frame. */
  frameNumber: z.int().min(1).nullable(),
  /** Index among the slices that were read, from 0, lowest position first. */
  z: z.int().min(0),
  box: boxSchema.nullable(),
});
export type KeySlice = z.infer<typeof keySliceSchema>;

const lateralitySchema = z.enum(["left", "right", "bilateral", "midline"]);
export type Laterality = z.infer<typeof lateralitySchema>;

export const findingSchema = z.object({
  /** Stable when the same study is scored again: feedback refers to it. */
  id: z.string(),
  label: labelSchema,
  probability: probabilitySchema,
  /** Study probability from which the finding counts as present, and from which it is undetermined. */
  threshold: probabilitySchema,
  undeterminedFrom: probabilitySchema,
  /** Never "absent" where something of the head was not seen. */
  presence: presenceSchema,
  laterality: lateralitySchema.nullable(),
  /** Strongest first; empty when nothing stands out. */
  keySlices: z.array(keySliceSchema),
});
export type Finding = z.infer<typeof findingSchema>;

import { z } from "zod";

/** An id as it stands in the images; not always a valid UID (RSNA's are `ID_…`). */
const idSchema = z.string().min(1).max(256);
const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);
const vector = (length: number) => z.array(z.number()).length(length);

/**
 * One line of instances.jsonl: one image, or one frame of a multi-frame object. The lines of a series stand together in
 * the order of `z`, so do the series of a study and the studies of a patient.
 */
export const instanceRecordSchema = z.strictObject({
  patient: idSchema,
  study: idSchema,
  series: idSchema,
  sop: idSchema,
  /** From 1; null for an object of one image. */
  frame: z.int().min(1).nullable(),
  /** Relative to the data set, with slashes. */
  file: z.string().min(1),
  /** SHA-256 of Pixel Data as it is stored, the whole object's. */
  pixelHash: hashSchema,
  /** Position along the normal of the image, towards the head, in mm; null where the image does not say. */
  z: z.number().nullable(),
  rows: z.int(),
  columns: z.int(),
  /** [between rows, between columns] in mm */
  spacing: z.tuple([z.number(), z.number()]).nullable(),
  thickness: z.number().nullable().describe("mm"),
  /** [center, width] of each window that the image asks for, in HU */
  window: z.array(z.tuple([z.number(), z.number()])),
  rescale: z.object({ slope: z.number(), intercept: z.number() }).nullable(),
  position: vector(3).nullable().describe("Image Position (Patient), mm"),
  orientation: vector(6).nullable().describe("Image Orientation (Patient)"),
  samplesPerPixel: z.int().nullable(),
  photometric: z.string(),
  bitsAllocated: z.int().nullable(),
  bitsStored: z.int().nullable(),
  highBit: z.int().nullable(),
  pixelRepresentation: z.int().nullable(),
  transferSyntax: z.string(),
  modality: z.string(),
  manufacturer: z.string(),
  scanner: z.string().describe("Manufacturer's Model Name"),
  kernel: z.string(),
  kvp: z.number().nullable(),
  /** YYYYMMDD, shifted where the data set is de-identified; "" when unknown */
  studyDate: z.string(),
  sex: z.string(),
  /** as Patient's Age has it, e.g. 067Y; "" when unknown */
  age: z.string(),
  /** Of the image's lesions, relative to the data set: a PNG of the image's size, 255 = lesion; null when there is none. */
  mask: z.string().nullable(),
  /** Why its pixels cannot be used; null when nothing is known against them. */
  problem: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type InstanceRecord = z.infer<typeof instanceRecordSchema>;

/** What names one image of a data set: in labels.csv, in an index of shards, in predictions. */
export function instanceKey({ sop, frame }: Pick<InstanceRecord, "sop" | "frame">): string {
  return frame === null ? sop : `${sop}#${frame}`;
}

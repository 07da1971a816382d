import { z } from "zod";

const boxSchema = z.tuple([z.number(), z.number(), z.number(), z.number()]);

/** One row of a shard. */
export const preparedImageSchema = z.object({
  /** `instanceKey` of the image; of a slab, of its middle slice. */
  key: z.string(),
  /** Along the normal, towards the head, in mm. */
  z: z.number().nullable(),
  /** The part of the slice that the row shows, [left, top, right, bottom] in its pixels; may reach beyond it. */
  area: boxSchema.optional(),
  /** Of a slab: all images it was averaged from. */
  members: z.array(z.string()).optional(),
  /** Whether the row of the masks' file says anything of it. */
  mask: z.literal(true).optional(),
  /** Where each image has a file of its own. */
  file: z.string().optional(),
  sha256: z.string().optional(),
});
export type PreparedImage = z.infer<typeof preparedImageSchema>;

/** An image that is in no shard. */
export const leftOutSchema = z.object({
  key: z.string(),
  patient: z.string(),
  study: z.string(),
  code: z.string(),
  message: z.string(),
});
export type LeftOut = z.infer<typeof leftOutSchema>;

/** The images of one study, ready to be written. */
export interface PreparedStudy {
  patient: string;
  study: string;
  images: PreparedImage[];
  /** All rows one after the other, as they are stored. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Of each image, where it is stored in a file of its own: rows and columns. */
  sizes: [number, number][];
  /** uint8, height x width for each row, 255 = lesion; null where no image has any. */
  masks: Uint8Array<ArrayBuffer> | null;
  leftOut: LeftOut[];
}

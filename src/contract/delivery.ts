import { z } from "zod";
import { uidSchema } from "./uid.ts";

const deliveryStateSchema = z.enum(["pending", "delivered", "failed"]);
export type DeliveryState = z.infer<typeof deliveryStateSchema>;

const deliveryKindSchema = z.enum(["sr"]);
export type DeliveryKind = z.infer<typeof deliveryKindSchema>;

export const deliverySchema = z.object({
  kind: deliveryKindSchema,
  state: deliveryStateSchema,
  sopInstanceUid: uidSchema.nullable(),
  attempts: z.int(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type Delivery = z.infer<typeof deliverySchema>;

/** An object of a PACS, named so that another one can refer to it. */
export interface ObjectReference {
  sopClassUid: string;
  sopInstanceUid: string;
  seriesInstanceUid: string;
}

/** An object that we made, ready to be stored: a Part 10 file and its identity. */
export interface ReportFile extends ObjectReference {
  kind: DeliveryKind;
  bytes: Uint8Array;
}

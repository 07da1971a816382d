import { z } from "zod";

/** Who reads: a name asked once, or the login that `server.readerHeader` gives. */
export const readerSchema = z.string().trim().min(1).max(64);

/** Somebody has the study open. */
export const readingSchema = z.object({ reader: readerSchema, since: z.iso.datetime() });
export type Reading = z.infer<typeof readingSchema>;

/** `PUT /api/studies/:uid/reading`; a login wins over the name. */
export const readingClaimSchema = z.strictObject({ reader: readerSchema.optional() });

/** Whether the answer that decides is that of the result: newest one on `any`, else the newest on a kind. */
export const readSchema = z.object({
  decision: z.enum(["agreed", "disagreed"]),
  reader: readerSchema.nullable(),
  at: z.iso.datetime(),
});
export type Read = z.infer<typeof readSchema>;

/** `GET /api/session` */
export const sessionSchema = z.object({
  reader: readerSchema.nullable().describe("from the login; null = ask for a name"),
});
export type Session = z.infer<typeof sessionSchema>;

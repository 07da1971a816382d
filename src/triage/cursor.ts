import type { z } from "zod";
import { VigilError } from "../errors.ts";

/** A place in a list, as clients hand it back to have the next page. */
export function writeCursor(place: object): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

/** @throws VigilError request-invalid for what is not a cursor of this list */
export function parseCursor<Place>(cursor: string, schema: z.ZodType<Place>): Place {
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
  } catch {
    throw new VigilError(
      "request-invalid",
      "cursor: give the nextCursor of a page of the same list, in the same order",
    );
  }
}

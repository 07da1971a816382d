import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { z } from "zod";

/** The de-identification profile of PS3.15 annex E: which options are taken, and what that means for each attribute. */

export const EDITION = "PS3.15 2024e, with the attributes that 2026c added";

/** CID 7050 (PS3.16): the profile and its options, as every image says them in De-identification Method Code Sequence. */
export const METHODS = [
  { code: "113100", meaning: "Basic Application Confidentiality Profile" },
  { code: "113104", meaning: "Clean Structured Content Option" },
  { code: "113105", meaning: "Clean Descriptors Option" },
  { code: "113107", meaning: "Retain Longitudinal Temporal Information Modified Dates Option" },
  { code: "113108", meaning: "Retain Patient Characteristics Option" },
  { code: "113109", meaning: "Retain Device Identity Option" },
  { code: "113111", meaning: "Retain Safe Private Option" },
] as const;

/**
 * What is done with a public attribute. `clean` goes by its value representation: dates are shifted, texts keep harmless
 * words only, sequences are looked into.
 */
export type Treatment = "remove" | "empty" | "replace" | "uid" | "keep" | "clean";

export interface ProfileRow {
  /** Eight hexadecimal digits, or `x` for any. */
  tag: string;
  name: string;
  /** Of Table E.1-1, such as `X/Z/D`. */
  basic: string;
  treatment: Treatment;
}

const option = z.enum(["", "K", "C"]);
const rowSchema = z.object({
  tag: z.string().regex(/^[0-9a-fx]{8}$/),
  name: z.string(),
  basic: z.enum(["X", "Z", "D", "U", "X/Z", "X/D", "Z/D", "X/Z/D", "X/Z/U*"]),
  ...{ device: option, patient: option, dates: option, descriptors: option, structured: option },
});

const TABLE = path.join(import.meta.dirname, "confidentiality-profile.csv");

export const PROFILE: readonly ProfileRow[] = z
  .array(rowSchema)
  .parse(parse(readFileSync(TABLE, "utf8"), { comment: "#", comment_no_infix: true, columns: true }))
  .map((row) => ({ tag: row.tag, name: row.name, basic: row.basic, treatment: treatmentBy(row) }));

/** Cleaning is stricter than keeping, so it comes first where two options speak of the same attribute. */
function treatmentBy({ basic, device, patient, dates, descriptors, structured }: z.infer<typeof rowSchema>): Treatment {
  const options: string[] = [device, patient, dates, descriptors, structured];
  // U*: what is in the sequence stays, with other UIDs.
  if (options.includes("C") || basic === "X/Z/U*") return "clean";
  if (options.includes("K")) return "keep";
  if (basic === "U") return "uid";
  if (basic === "X") return "remove";
  // Where several are allowed, the one that an object can never become invalid by.
  return basic.includes("D") ? "replace" : "empty";
}

const BY_TAG = new Map(PROFILE.map((row) => [row.tag, row]));

/** What the table does not name, and research needs as it is: manufacturer, model, software, kernel, filter. */
export const TECHNICAL_TEXTS = new Set(["x00080070", "x00081090", "x00181020", "x00181160", "x00181210"]);

/** @param tag as `xggggeeee`; undefined where the table does not name it */
export function profileRow(tag: string): ProfileRow | undefined {
  return BY_TAG.get(tag.slice(1));
}

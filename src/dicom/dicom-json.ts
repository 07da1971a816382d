import { z } from "zod";
import { leadingDecimal } from "./decimal.ts";

/** An attribute whose values are no list is read as empty. */
const attributeSchema = z.looseObject({ Value: z.array(z.unknown()).optional().catch(undefined) });

/** A data set of the DICOM JSON Model (PS3.18 annex F): attributes by tag, as eight hexadecimal digits. */
export const dicomJsonSchema = z.record(z.string(), attributeSchema);
export type DicomJson = z.infer<typeof dicomJsonSchema>;

const personNameSchema = z.object({
  Alphabetic: z.string().optional(),
  Ideographic: z.string().optional(),
  Phonetic: z.string().optional(),
});

/** All values of an attribute as text; a person name keeps its component groups, divided by `=`. */
export function texts(dataset: DicomJson, tag: string): string[] {
  return (dataset[tag]?.Value ?? []).map((value) => {
    if (typeof value === "string") return value.replace(/^\s+|[\s\0]+$/g, "");
    if (typeof value === "number") return String(value);
    const name = personNameSchema.safeParse(value).data;
    if (name === undefined) return "";
    return [name.Alphabetic, name.Ideographic, name.Phonetic]
      .map((group) => group ?? "")
      .join("=")
      .replace(/=+$/, "");
  });
}

/** The first value as text, "" when absent. */
export function firstText(dataset: DicomJson, tag: string): string {
  return texts(dataset, tag)[0] ?? "";
}

/** The first value as a number, null when absent; IS and DS may come as text (PS3.18 F.2.3). */
export function firstNumber(dataset: DicomJson, tag: string): number | null {
  return leadingDecimal(firstText(dataset, tag));
}

/** The items of a sequence; what is no data set is left out. */
export function items(dataset: DicomJson, tag: string): DicomJson[] {
  return (dataset[tag]?.Value ?? [])
    .map((item) => dicomJsonSchema.safeParse(item).data)
    .filter((item) => item !== undefined);
}

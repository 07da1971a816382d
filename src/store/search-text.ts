import type { StudyAttributes } from "../contract/study-attributes.ts";

/** Text as it is searched: without case, accents and DICOM's separators, so that "muller" finds "MÜLLER^ANNA". */
function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toUpperCase() // ß becomes SS
    .toLowerCase()
    .replaceAll("ς", "σ")
    .replace(/[\^=\s]+/g, " ")
    .trim();
}

export function searchText(attributes: StudyAttributes): string {
  const { patientName, patientId, accessionNumber, studyDescription } = attributes;
  return fold([patientName, patientId, accessionNumber, studyDescription].join(" "));
}

/** SQL LIKE patterns, each of which must match: one per word. */
export function searchPatterns(query: string): string[] {
  const words = fold(query).split(" ");
  return words.filter((word) => word !== "").map((word) => `%${word.replace(/[\\%_]/g, "\\$&")}%`);
}

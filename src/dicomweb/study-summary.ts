import type { StudyAttributes } from "../contract/study-attributes.ts";
import { uidSchema } from "../contract/uid.ts";
import { type DicomJson, firstNumber, firstText, texts } from "../dicom/dicom-json.ts";
import { studyAttributesFromQuery } from "../dicom/header.ts";

/** What a PACS tells about a study as a whole (QIDO-RS, PS3.18 table 10.6.3-3). */
export interface StudySummary {
  attributes: StudyAttributes;
  /** Number of Study Related Instances; null when the PACS keeps it to itself. */
  instances: number | null;
  /** Modalities in Study; empty when the PACS does not say. */
  modalities: string[];
  /** Requested Procedure Priority, such as STAT; null when the PACS does not say. */
  priority: string | null;
  /** Current Patient Location; null when the PACS does not say. */
  ward: string | null;
}

/** undefined for a study whose UID is none: it could not be asked for, and must not hide the others. */
export function studySummary(dataset: DicomJson): StudySummary | undefined {
  if (!uidSchema.safeParse(firstText(dataset, "0020000D")).success) return undefined;
  return {
    attributes: studyAttributesFromQuery(dataset),
    instances: firstNumber(dataset, "00201208"),
    modalities: texts(dataset, "00080061"),
    priority: firstText(dataset, "00401003") || null,
    ward: firstText(dataset, "00380300") || null,
  };
}

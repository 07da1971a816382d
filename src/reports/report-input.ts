import type { StudyAttributes } from "../dicom/study-attributes.ts";
import type { StudyResult } from "../result.ts";

/** What a report is made of; a scored study has it all. */
export interface ReportInput {
  result: StudyResult;
  attributes: StudyAttributes;
  /** What the slices that were read have in common; null when no series was analysed. */
  image: { sopClassUid: string; rows: number; columns: number } | null;
  /** SHA-256 of what was analysed. */
  contentHash: string;
}

/** An object of a PACS, named so that another one can refer to it. */
export interface ObjectReference {
  sopClassUid: string;
  sopInstanceUid: string;
  seriesInstanceUid: string;
}

/** A report ready to be stored: a Part 10 file and its identity. */
export interface ReportObject extends ObjectReference {
  kind: "sr";
  bytes: Uint8Array;
}

import type { Selectable } from "kysely";
import { type StudyAttributes, studyAttributesSchema } from "../contract/study-attributes.ts";
import { type WorklistItem, worklistItemSchema } from "../contract/worklist.ts";
import type { Schema } from "./schema.ts";

type Row = Selectable<Schema["studies"]>;

/** A study as it stands in its row. */
export type StudyRow = Omit<Row, "attributes" | "findings" | "notSeen"> & {
  /** null until the PACS has been asked */
  attributes: StudyAttributes | null;
  findings: WorklistItem["findings"];
  notSeen: WorklistItem["notSeen"];
};

// What cannot be read must not hide the study: it stays in the list without it, and with its flag.
const attributesSchema = studyAttributesSchema.nullable().catch(null);
const findingsSchema = worklistItemSchema.shape.findings.catch([]);
const notSeenSchema = worklistItemSchema.shape.notSeen.catch([]);

export function parseStudyRow(row: Row): StudyRow {
  return {
    ...row,
    attributes: attributesSchema.parse(row.attributes),
    findings: findingsSchema.parse(row.findings),
    notSeen: notSeenSchema.parse(row.notSeen),
  };
}

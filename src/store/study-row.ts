import type { Selectable } from "kysely";
import { z } from "zod";
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
  modalitiesInStudy: WorklistItem["modalitiesInStudy"];
};

// What cannot be read must not hide the study: it stays in the list without it, and with its flag.
const attributesSchema = studyAttributesSchema.nullable().catch(null);
const findingsSchema = worklistItemSchema.shape.findings.catch([]);
// Stands beside the attributes, which also come from images; rows of earlier versions have none.
const modalitiesSchema = z
  .object({ modalitiesInStudy: worklistItemSchema.shape.modalitiesInStudy })
  .catch({ modalitiesInStudy: [] });
const notSeenSchema = worklistItemSchema.shape.notSeen.catch([]);

export function parseStudyRow(row: Row): StudyRow {
  return {
    ...row,
    attributes: attributesSchema.parse(row.attributes),
    findings: findingsSchema.parse(row.findings),
    notSeen: notSeenSchema.parse(row.notSeen),
    ...modalitiesSchema.parse(row.attributes),
  };
}

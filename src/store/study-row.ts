import type { Selectable } from "kysely";
import { z } from "zod";
import { type StudyAttributes, studyAttributesSchema } from "../contract/study-attributes.ts";
import { type WorklistItem, worklistItemSchema } from "../contract/worklist.ts";
import type { Schema } from "./schema.ts";

type Row = Selectable<Schema["studies"]>;

/** What else the PACS says of a study, for the list only. */
export type BesideAttributes = Pick<WorklistItem, "modalitiesInStudy" | "priority" | "ward">;

/** A study as it stands in its row. */
export type StudyRow = Omit<Row, "attributes" | "findings" | "notSeen"> &
  BesideAttributes & {
    /** null until the PACS has been asked */
    attributes: StudyAttributes | null;
    findings: WorklistItem["findings"];
    notSeen: WorklistItem["notSeen"];
  };

// What cannot be read must not hide the study: it stays in the list without it, and with its flag.
const attributesSchema = studyAttributesSchema.nullable().catch(null);
const findingsSchema = worklistItemSchema.shape.findings.catch([]);
// Stands beside the attributes, which also come from images; rows of earlier versions lack some of it.
const besideAttributesSchema = z
  .object({
    modalitiesInStudy: worklistItemSchema.shape.modalitiesInStudy.catch([]),
    priority: worklistItemSchema.shape.priority.catch(null),
    ward: worklistItemSchema.shape.ward.catch(null),
  })
  .catch({ modalitiesInStudy: [], priority: null, ward: null });
const notSeenSchema = worklistItemSchema.shape.notSeen.catch([]);

export function parseStudyRow(row: Row): StudyRow {
  return {
    ...row,
    attributes: attributesSchema.parse(row.attributes),
    findings: findingsSchema.parse(row.findings),
    notSeen: notSeenSchema.parse(row.notSeen),
    ...besideAttributesSchema.parse(row.attributes),
  };
}

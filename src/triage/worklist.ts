import { z } from "zod";
import { uidSchema } from "../contract/uid.ts";
import type { WorklistItem, WorklistPage, WorklistQuery } from "../contract/worklist.ts";
import type { Db } from "../store/schema.ts";
import type { StudyRow } from "../store/study-row.ts";
import { type ListedStudy, listStudies } from "../store/worklist.ts";
import { parseCursor, writeCursor } from "./cursor.ts";

const placeSchema = z.object({
  rank: z.int().min(0).max(9),
  // As we write it. PostgreSQL knows no year 0.
  receivedAt: z.iso.datetime({ precision: 3 }).refine((time) => !time.startsWith("0000")),
  studyInstanceUid: uidSchema,
});

/** A place in the list, and the order in which it is one. */
function placeIn(sort: string) {
  return placeSchema.extend({ sort: z.literal(sort) });
}

/** @throws VigilError request-invalid for a cursor that is not of a list with this sort */
export async function worklistPage(db: Db, query: WorklistQuery): Promise<WorklistPage> {
  const { rows, next } = await listStudies(db, {
    state: query.state,
    flagged: query.flagged === undefined ? undefined : query.flagged === "true",
    group: query.group,
    text: query.q,
    sort: query.sort,
    limit: query.limit,
    after: query.cursor === undefined ? undefined : parseCursor(query.cursor, placeIn(query.sort)),
  });
  return { items: rows.map(worklistItem), nextCursor: next && writeCursor({ sort: query.sort, ...next }) };
}

export function worklistItem(row: ListedStudy): WorklistItem {
  const { attributes } = row;
  return {
    studyInstanceUid: row.studyInstanceUid,
    patientId: attributes?.patientId ?? "",
    patientName: attributes?.patientName ?? "",
    patientBirthDate: attributes?.patientBirthDate ?? "",
    patientSex: attributes?.patientSex ?? "",
    studyDescription: attributes?.studyDescription ?? "",
    studyDate: attributes?.studyDate ?? "",
    studyTime: attributes?.studyTime ?? "",
    accessionNumber: attributes?.accessionNumber ?? "",
    modalitiesInStudy: row.modalitiesInStudy,
    receivedAt: row.receivedAt.toISOString(),
    flaggedAt: row.flaggedAt?.toISOString() ?? null,
    state: row.state,
    flag: row.flag,
    reason: row.reason,
    notSeen: row.notSeen,
    error: studyProblem(row),
    probability: row.probability,
    threshold: row.threshold,
    findings: row.findings,
    progress: progress(row),
    images: row.images,
    instances: row.instances,
    group: row.group,
    rank: row.rank,
    reading: row.reading,
    read: readOf(row),
    priority: row.priority,
    ward: row.ward,
  };
}

/** Why the study failed; null when it has not. */
export function studyProblem(row: StudyRow): WorklistItem["error"] {
  return row.errorCode === null ? null : { code: row.errorCode, message: row.errorMessage ?? "" };
}

export function readOf({ readDecision, readBy, readAt }: StudyRow): WorklistItem["read"] {
  if (readDecision === null || readAt === null) return null;
  return { decision: readDecision, reader: readBy, at: readAt.toISOString() };
}

function progress({ progressDone: done, progressTotal: total }: StudyRow): WorklistItem["progress"] {
  return done === null || total === null ? null : { done, total };
}

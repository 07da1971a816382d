import { z } from "zod";
import { uidSchema } from "../contract/uid.ts";
import type { WorklistItem, WorklistPage, WorklistQuery } from "../contract/worklist.ts";
import { VigilError } from "../errors.ts";
import type { Db } from "../store/schema.ts";
import type { StudyRow } from "../store/study-row.ts";
import { type ListedStudy, listStudies, type Place } from "../store/worklist.ts";

/** A place in the list, and the order in which it is one. */
const cursorSchema = z.object({
  sort: z.string(),
  rank: z.int().min(0).max(9),
  // As we write it. PostgreSQL knows no year 0.
  receivedAt: z.iso.datetime({ precision: 3 }).refine((time) => !time.startsWith("0000")),
  studyInstanceUid: uidSchema,
});

/** @throws VigilError request-invalid for a cursor that is not of a list with this sort */
export async function worklistPage(db: Db, query: WorklistQuery): Promise<WorklistPage> {
  const { rows, next } = await listStudies(db, {
    state: query.state,
    flagged: query.flagged === undefined ? undefined : query.flagged === "true",
    text: query.q,
    sort: query.sort,
    limit: query.limit,
    after: query.cursor === undefined ? undefined : parseCursor(query.cursor, query.sort),
  });
  const nextCursor = next === null ? null : toBase64(JSON.stringify({ sort: query.sort, ...next }));
  return { items: rows.map(worklistItem), nextCursor };
}

function toBase64(text: string): string {
  return Buffer.from(text).toString("base64url");
}

function parseCursor(cursor: string, sort: string): Place {
  try {
    const place = cursorSchema.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
    if (place.sort === sort) return place;
  } catch {
    // The answer is the same as to a cursor of another list.
  }
  throw new VigilError("request-invalid", "cursor: give the nextCursor of a page with the same sort");
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
    group: "waiting",
    rank: row.rank,
    reading: null,
    read: null,
    priority: null,
    ward: null,
  };
}

/** Why the study failed; null when it has not. */
export function studyProblem(row: StudyRow): WorklistItem["error"] {
  return row.errorCode === null ? null : { code: row.errorCode, message: row.errorMessage ?? "" };
}

function progress({ progressDone: done, progressTotal: total }: StudyRow): WorklistItem["progress"] {
  return done === null || total === null ? null : { done, total };
}

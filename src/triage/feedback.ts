import { z } from "zod";
import type { Feedback, FeedbackPage, FeedbackQuery, FeedbackRecord, StoredFeedback } from "../contract/feedback.ts";
import { VigilError } from "../errors.ts";
import { type ExportedFeedback, listAnswers } from "../store/answers.ts";
import { type Answer, type FeedbackRow, listFeedback, saveFeedback, withdrawFeedback } from "../store/feedback.ts";
import { findResult } from "../store/results.ts";
import type { Db } from "../store/schema.ts";
import { findStudy } from "../store/studies.ts";
import { parseCursor, writeCursor } from "./cursor.ts";
import { noSuchStudy } from "./no-such-study.ts";

/**
 * Keeps what a reader says, together with what Vigil had said.
 * @returns the answer that stands, and whether it is a new one
 * @throws VigilError not-found: no such study or finding; request-invalid: nothing there to accept
 */
export async function addFeedback(
  db: Db,
  uid: string,
  { reader, ...feedback }: Feedback,
): Promise<{ feedback: StoredFeedback; isNew: boolean }> {
  const answer = { ...feedback, reader: reader ?? null, ...(await saidBefore(db, uid, feedback)) };
  const { row, isNew } = await saveFeedback(db, uid, answer);
  return { feedback: storedFeedback({ ...row, toPresentResult: true }), isNew };
}

/** @throws VigilError not-found */
export async function takeBackFeedback(db: Db, uid: string, id: string): Promise<StoredFeedback> {
  await withdrawFeedback(db, uid, id);
  const rows = await listFeedback(db, uid);
  const row = rows.find((one) => String(one.id) === id);
  if (row === undefined) throw new VigilError("not-found", `study ${uid} has no answer ${id}`);
  return storedFeedback(row);
}

type Said = Pick<Answer, "resultId" | "seriesInstanceUid" | "present" | "agrees" | "flag" | "probability">;

async function saidBefore(db: Db, uid: string, feedback: Omit<Feedback, "reader">): Promise<Said> {
  const { findingId, decision, label, sopInstanceUid } = feedback;
  const study = await findStudy(db, uid);
  if (study === undefined) throw noSuchStudy(uid);
  const result = (await findResult(db, study.resultId))?.result;
  const finding = result?.findings.find((one) => one.label === label);
  if (findingId !== undefined && finding?.id !== findingId) {
    throw new VigilError("not-found", `study ${uid} has no finding ${findingId} of ${label}`);
  }
  if (decision === "accept" && finding === undefined) {
    const message = `decision: nothing is said of ${label} in study ${uid} that could be accepted; use add or reject`;
    throw new VigilError("request-invalid", message);
  }
  // What is undetermined was raised for somebody to look at it: to accept it is to see it.
  const saidPresent = finding !== undefined && finding.presence !== "absent";
  const present = decision === "accept" ? saidPresent : decision === "add";
  return {
    resultId: study.resultId,
    seriesInstanceUid:
      result?.slices.find((slice) => slice.sopInstanceUid === sopInstanceUid)?.seriesInstanceUid ?? null,
    present,
    agrees: present === saidPresent,
    flag: study.flag,
    probability: finding?.probability ?? null,
  };
}

export function storedFeedback(row: FeedbackRow & { toPresentResult: boolean }): StoredFeedback {
  return {
    id: String(row.id),
    at: row.at.toISOString(),
    decision: row.decision,
    label: row.label,
    reader: row.reader,
    withdrawnAt: row.withdrawnAt?.toISOString() ?? null,
    toPresentResult: row.toPresentResult,
    ...(row.findingId === null ? {} : { findingId: row.findingId }),
    ...(row.sopInstanceUid === null ? {} : { sopInstanceUid: row.sopInstanceUid }),
    ...(row.comment === null ? {} : { comment: row.comment }),
  };
}

const placeSchema = z.object({ changedAt: z.iso.datetime({ precision: 3 }), id: z.int().min(0) });

/** All answers of all studies, by the time at which they were given or withdrawn. */
export async function feedbackPage(db: Db, { since, until, limit, cursor }: FeedbackQuery): Promise<FeedbackPage> {
  const after = cursor === undefined ? undefined : parseCursor(cursor, placeSchema);
  const { rows, next } = await listAnswers(db, { since, until, limit, after });
  return { items: rows.map(feedbackRecord), nextCursor: next && writeCursor(next) };
}

function feedbackRecord({ id, at, withdrawnAt, modelName, modelVersion, ...row }: ExportedFeedback): FeedbackRecord {
  return {
    ...row,
    id: String(id),
    at: at.toISOString(),
    withdrawnAt: withdrawnAt?.toISOString() ?? null,
    model: modelName === null || modelVersion === null ? null : { name: modelName, version: modelVersion },
  };
}

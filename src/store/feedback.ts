import { type Selectable, sql } from "kysely";
import type { Feedback } from "../contract/feedback.ts";
import { IS_TO_PRESENT_RESULT, lockStudy, settleRead } from "./read-state.ts";
import type { Db, Schema } from "./schema.ts";

export type FeedbackRow = Selectable<Schema["feedback"]>;

/** An answer, with what it is an answer to. */
export type Answer = Omit<Feedback, "reader"> &
  Pick<FeedbackRow, "reader" | "resultId" | "seriesInstanceUid" | "present" | "agrees" | "flag" | "probability">;

/**
 * Keeps an answer, unless it stands already. What the same reader said to the contrary before is withdrawn by it, so
 * that a change of mind leaves one answer.
 */
export async function saveFeedback(
  db: Db,
  studyInstanceUid: string,
  answer: Answer,
): Promise<{ row: FeedbackRow; isNew: boolean }> {
  return db.transaction().execute(async (transaction) => {
    // The same sent twice at a time takes turns here.
    await lockStudy(transaction, studyInstanceUid);
    const standing = await findStanding(transaction, studyInstanceUid, answer);
    if (standing === undefined) await withdrawContrary(transaction, studyInstanceUid, answer);
    const row = standing ?? (await insertFeedback(transaction, studyInstanceUid, answer));
    await settleRead(transaction, studyInstanceUid);
    return { row, isNew: standing === undefined };
  });
}

/** Takes an answer back; a second call changes nothing. */
export async function withdrawFeedback(db: Db, studyInstanceUid: string, id: string): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await lockStudy(transaction, studyInstanceUid);
    await transaction
      .updateTable("feedback")
      .set({ withdrawnAt: sql`now()` })
      .where(sql<boolean>`id::text = ${id}`)
      .where("studyInstanceUid", "=", studyInstanceUid)
      .where("withdrawnAt", "is", null)
      .execute();
    await settleRead(transaction, studyInstanceUid);
  });
}

/** Oldest first. */
export async function listFeedback(
  db: Db,
  studyInstanceUid: string,
): Promise<(FeedbackRow & { toPresentResult: boolean })[]> {
  return db
    .selectFrom("feedback")
    .selectAll()
    .select(IS_TO_PRESENT_RESULT.as("toPresentResult"))
    .where("studyInstanceUid", "=", studyInstanceUid)
    .orderBy("id")
    .execute();
}

/** Other slices of an added label and other comments are answers of their own. */
async function findStanding(db: Db, studyInstanceUid: string, answer: Answer): Promise<FeedbackRow | undefined> {
  const { decision, comment, sopInstanceUid } = answer;
  let select = db
    .selectFrom("feedback")
    .selectAll()
    .where(standsOf(studyInstanceUid, answer))
    .where("decision", "=", decision)
    .where(IS_TO_PRESENT_RESULT);
  if (comment !== undefined) select = select.where("comment", "=", comment);
  if (decision === "add") select = select.where("sopInstanceUid", "is not distinct from", sopInstanceUid ?? null);
  return select.orderBy("id", "desc").limit(1).executeTakeFirst();
}

async function withdrawContrary(db: Db, studyInstanceUid: string, answer: Answer): Promise<void> {
  await db
    .updateTable("feedback")
    .set({ withdrawnAt: sql`now()` })
    .where(standsOf(studyInstanceUid, answer))
    .where("present", "<>", answer.present)
    .execute();
}

/** What the same reader says of the same label. */
function standsOf(studyInstanceUid: string, { label, reader }: Answer) {
  return sql<boolean>`(study_instance_uid = ${studyInstanceUid} and label = ${label}
    and reader is not distinct from ${reader}::text and withdrawn_at is null)`;
}

async function insertFeedback(db: Db, studyInstanceUid: string, answer: Answer): Promise<FeedbackRow> {
  return db
    .insertInto("feedback")
    .values({ studyInstanceUid, ...answer })
    .returningAll()
    .executeTakeFirstOrThrow();
}

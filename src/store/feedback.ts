import { type Selectable, sql } from "kysely";
import type { Feedback } from "../contract/feedback.ts";
import type { Db, Schema } from "./schema.ts";

export type FeedbackRow = Selectable<Schema["feedback"]>;

/** Keeps it, unless it says what was last said of the same thing: then that is returned. */
export async function saveFeedback(db: Db, studyInstanceUid: string, feedback: Feedback): Promise<FeedbackRow> {
  return db.transaction().execute(async (transaction) => {
    // The same sent twice at a time takes turns here.
    await transaction
      .selectFrom("studies")
      .select("studyInstanceUid")
      .where("studyInstanceUid", "=", studyInstanceUid)
      .forUpdate()
      .execute();
    const last = await lastFeedback(transaction, studyInstanceUid, feedback);
    const isSame = last?.decision === feedback.decision && last.comment === (feedback.comment ?? null);
    if (last !== undefined && isSame) return last;
    // The work list shows that the study has been answered: a change of its row is what tells of it.
    await transaction
      .updateTable("studies")
      .set({ search: sql`search` })
      .where("studyInstanceUid", "=", studyInstanceUid)
      .execute();
    return insertFeedback(transaction, studyInstanceUid, feedback);
  });
}

async function lastFeedback(db: Db, studyInstanceUid: string, about: Feedback): Promise<FeedbackRow | undefined> {
  return db
    .selectFrom("feedback")
    .selectAll()
    .where("studyInstanceUid", "=", studyInstanceUid)
    .where("label", "=", about.label)
    .where("findingId", "is not distinct from", about.findingId ?? null)
    .where("sopInstanceUid", "is not distinct from", about.sopInstanceUid ?? null)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
}

async function insertFeedback(db: Db, studyInstanceUid: string, feedback: Feedback): Promise<FeedbackRow> {
  return db
    .insertInto("feedback")
    .values({ studyInstanceUid, ...feedback })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Oldest first. */
export async function listFeedback(db: Db, studyInstanceUid: string): Promise<FeedbackRow[]> {
  return db.selectFrom("feedback").selectAll().where("studyInstanceUid", "=", studyInstanceUid).orderBy("id").execute();
}

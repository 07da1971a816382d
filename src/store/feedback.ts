import type { Selectable } from "kysely";
import type { Feedback } from "../contract/feedback.ts";
import type { Db, Schema } from "./schema.ts";

export type FeedbackRow = Selectable<Schema["feedback"]>;

export async function saveFeedback(db: Db, studyInstanceUid: string, feedback: Feedback): Promise<FeedbackRow> {
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

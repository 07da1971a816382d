import type { Selectable } from "kysely";
import type { Label } from "../contract/labels.ts";
import type { Db, Schema } from "./schema.ts";

/** What a reader says about a finding. */
export interface FeedbackRecord {
  findingId: string | null;
  decision: "accept" | "reject" | "add";
  label: Label;
  sopInstanceUid: string | null;
  comment: string | null;
}

export type FeedbackRow = Selectable<Schema["feedback"]>;

export async function saveFeedback(
  db: Db,
  studyInstanceUid: string,
  feedback: FeedbackRecord,
): Promise<FeedbackRow> {
  return db
    .insertInto("feedback")
    .values({
      studyInstanceUid: studyInstanceUid,
      findingId: feedback.findingId,
      decision: feedback.decision,
      label: feedback.label,
      sopInstanceUid: feedback.sopInstanceUid,
      comment: feedback.comment,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Oldest first. */
export async function listFeedback(db: Db, studyInstanceUid: string): Promise<FeedbackRow[]> {
  return db
    .selectFrom("feedback")
    .selectAll()
    .where("studyInstanceUid", "=", studyInstanceUid)
    .orderBy("id")
    .execute();
}

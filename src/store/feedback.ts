import type { Kysely, Selectable } from "kysely";
import type { Label } from "../contract/labels.ts";
import type { Schema } from "./schema.ts";

/** What a reader says about a finding. */
export interface FeedbackRecord {
  findingId: string | null;
  decision: "accept" | "reject" | "add";
  label: Label;
  sopInstanceUid: string | null;
  comment: string | null;
}

export type FeedbackRow = Selectable<Schema["feedback"]>;

/** Keeps it, unless it says what was last said of the same thing: then that is returned. */
export async function saveFeedback(
  db: Kysely<Schema>,
  studyInstanceUid: string,
  feedback: FeedbackRecord,
): Promise<FeedbackRow> {
  return db.transaction().execute(async (transaction) => {
    // The same sent twice at a time takes turns here.
    await transaction
      .selectFrom("studies")
      .select("study_instance_uid")
      .where("study_instance_uid", "=", studyInstanceUid)
      .forUpdate()
      .execute();
    const last = await lastFeedback(transaction, studyInstanceUid, feedback);
    const isSame = last?.decision === feedback.decision && last.comment === feedback.comment;
    return last !== undefined && isSame ? last : insertFeedback(transaction, studyInstanceUid, feedback);
  });
}

async function lastFeedback(
  db: Kysely<Schema>,
  studyInstanceUid: string,
  about: Pick<FeedbackRecord, "findingId" | "label" | "sopInstanceUid">,
): Promise<FeedbackRow | undefined> {
  return db
    .selectFrom("feedback")
    .selectAll()
    .where("study_instance_uid", "=", studyInstanceUid)
    .where("label", "=", about.label)
    .where("finding_id", "is not distinct from", about.findingId)
    .where("sop_instance_uid", "is not distinct from", about.sopInstanceUid)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
}

async function insertFeedback(
  db: Kysely<Schema>,
  studyInstanceUid: string,
  feedback: FeedbackRecord,
): Promise<FeedbackRow> {
  return db
    .insertInto("feedback")
    .values({
      study_instance_uid: studyInstanceUid,
      finding_id: feedback.findingId,
      decision: feedback.decision,
      label: feedback.label,
      sop_instance_uid: feedback.sopInstanceUid,
      comment: feedback.comment,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Oldest first. */
export async function listFeedback(db: Kysely<Schema>, studyInstanceUid: string): Promise<FeedbackRow[]> {
  return db
    .selectFrom("feedback")
    .selectAll()
    .where("study_instance_uid", "=", studyInstanceUid)
    .orderBy("id")
    .execute();
}

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

export async function saveFeedback(
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

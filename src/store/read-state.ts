import { sql } from "kysely";
import type { Db } from "./schema.ts";

/**
 * Whether an answer is one to the result that stands now. A result of the same images and model that was made again
 * takes the place of the one before: an answer from before that is not about it.
 */
export const IS_TO_PRESENT_RESULT = sql<boolean>`exists (
  select from studies left join results on results.id = studies.result_id
  where studies.study_instance_uid = feedback.study_instance_uid
    and studies.result_id is not distinct from feedback.result_id
    and (results.id is null or results.created_at <= feedback.at))`;

/** Has all who change the same study wait for each other, until the end of the transaction. */
export async function lockStudy(transaction: Db, studyInstanceUid: string): Promise<void> {
  await transaction
    .selectFrom("studies")
    .select("studyInstanceUid")
    .where("studyInstanceUid", "=", studyInstanceUid)
    .forUpdate()
    .execute();
}

/**
 * Writes into the study's row whether it has been read: by the newest standing answer to the present result, one on
 * `any` before one on a kind. That the row changes also tells all clients of a new answer.
 */
export async function settleRead(db: Db, studyInstanceUid: string): Promise<void> {
  await sql`
    update studies set (read_decision, read_by, read_at) = (
      select case when agrees then 'agreed' else 'disagreed' end, reader, at
      from feedback
      where feedback.study_instance_uid = studies.study_instance_uid and withdrawn_at is null
        and studies.flag <> 'pending' and ${IS_TO_PRESENT_RESULT}
      order by label = 'any' desc, id desc
      limit 1)
    where study_instance_uid = ${studyInstanceUid}`.execute(db);
}

/** For what nobody can have read: a failure that has just happened. */
export const UNREAD = { readDecision: null, readBy: null, readAt: null } as const;

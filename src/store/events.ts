import type { Kysely } from "kysely";
import type { Schema } from "./schema.ts";

/**
 * Takes down one step of a study's way; `detail` carries no patient data. Beside the states there are the types
 * retry, resumed, rescore-requested, delivered, delivery-retry and delivery-failed.
 */
export async function addEvent(db: Kysely<Schema>, studyInstanceUid: string, type: string, detail = ""): Promise<void> {
  await db.insertInto("study_events").values({ study_instance_uid: studyInstanceUid, type, detail }).execute();
}

/** Oldest first. */
export async function listEvents(
  db: Kysely<Schema>,
  studyInstanceUid: string,
): Promise<{ at: string; type: string; detail: string }[]> {
  const rows = await db
    .selectFrom("study_events")
    .select(["at", "type", "detail"])
    .where("study_instance_uid", "=", studyInstanceUid)
    .orderBy("id")
    .execute();
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

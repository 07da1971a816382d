import type { Db } from "./schema.ts";

/**
 * Records one step of a study's way; `detail` carries no patient data. Beside the states there are the types
 * retry, resumed, rescore-requested, delivered, delivery-retry and delivery-failed.
 */
export async function addEvent(db: Db, studyInstanceUid: string, type: string, detail = ""): Promise<void> {
  await db.insertInto("studyEvents").values({ studyInstanceUid, type, detail }).execute();
}

/** Oldest first. */
export async function listEvents(
  db: Db,
  studyInstanceUid: string,
): Promise<{ at: string; type: string; detail: string }[]> {
  const rows = await db
    .selectFrom("studyEvents")
    .select(["at", "type", "detail"])
    .where("studyInstanceUid", "=", studyInstanceUid)
    .orderBy("id")
    .execute();
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

import { sql } from "kysely";
import type { Reading } from "../contract/reading.ts";
import { READING_LASTS_S } from "../contract/reading-times.ts";
import type { Db } from "./schema.ts";

/**
 * Notes that somebody has the study open, or still has. The times are the database's: the clocks of several processes
 * differ. A claim that had run out begins anew.
 */
export async function claimReading(db: Db, studyInstanceUid: string, reader: string): Promise<Reading> {
  const { since } = await db
    .insertInto("readings")
    .values({ studyInstanceUid, reader, until: END })
    .onConflict((conflict) =>
      conflict.columns(["studyInstanceUid", "reader"]).doUpdateSet({
        until: END,
        since: sql`case when readings.until <= now() then now() else readings.since end`,
      }),
    )
    .returning("since")
    .executeTakeFirstOrThrow();
  return { reader, since: since.toISOString() };
}

const END = sql<Date>`now() + make_interval(secs => ${sql.lit(READING_LASTS_S)})`;

export async function releaseReading(db: Db, studyInstanceUid: string, reader: string): Promise<void> {
  await db
    .deleteFrom("readings")
    .where("studyInstanceUid", "=", studyInstanceUid)
    .where("reader", "=", reader)
    .execute();
}

/** Clears away the claims that nobody repeats: that a row goes is what tells the lists. */
export async function sweepReadings(db: Db): Promise<void> {
  await db.deleteFrom("readings").where("until", "<=", sql<Date>`now()`).execute();
}

import { sql } from "kysely";
import type { ErrorCode, VigilError } from "../errors.ts";
import { addEvent } from "./events.ts";
import { UNREAD } from "./read-state.ts";
import type { Db } from "./schema.ts";
import { findStudy } from "./studies.ts";

/** Errors that an outage of the PACS leaves behind: worth another round of attempts once it is back. */
const OUTAGE_CODES: ErrorCode[] = ["pacs-unreachable", "pacs-timeout", "pacs-busy", "pacs-unauthorized"];

/** Rounds of attempts that such an error gets. */
const MOST_ROUNDS = 3;

/** Every study with news that is not handled or a delivery that is not made, oldest first. */
export async function studiesToDo(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom("studies")
    .select("studyInstanceUid")
    .where((where) =>
      where.or([
        where("news", ">", where.ref("handled")),
        where.exists(
          where
            .selectFrom("deliveries")
            .select("resultId")
            .whereRef("deliveries.studyInstanceUid", "=", "studies.studyInstanceUid")
            .where("deliveries.state", "=", "pending"),
        ),
      ]),
    )
    .orderBy("receivedAt")
    .execute();
  return rows.map((row) => row.studyInstanceUid);
}

/** Counted before the attempt, so that one which kills the process counts as well. */
export async function beginAttempt(db: Db, uid: string): Promise<void> {
  await db.updateTable("studies").set({ attempts: sql`attempts + 1` }).where("studyInstanceUid", "=", uid).execute();
}

/** For an attempt that was none: the study is not ready yet, or we are being stopped. */
export async function takeBackAttempt(db: Db, uid: string): Promise<void> {
  await db
    .updateTable("studies")
    .set({ attempts: sql`greatest(attempts - 1, 0)` })
    .where("studyInstanceUid", "=", uid)
    .execute();
}

/** Ticks off the news that has been dealt with; what came meanwhile stays, with what it asked for. */
export async function settleNews(db: Db, uid: string, news: number): Promise<void> {
  await db
    .updateTable("studies")
    .set({
      handled: news,
      attempts: 0,
      saidStable: sql`said_stable and news > ${news}`,
      forced: sql`forced and news > ${news}`,
    })
    .where("studyInstanceUid", "=", uid)
    .execute();
}

/** Ends the work on the present news visibly. The flag of an earlier result stays: it may be a critical one. */
export async function failStudy(db: Db, uid: string, news: number, error: VigilError): Promise<void> {
  await settleNews(db, uid, news);
  await db
    .updateTable("studies")
    .set({
      state: "failed",
      flag: sql`case when result_id is null then 'not-analysed' else flag end`,
      errorCode: error.code,
      errorMessage: error.message,
      ...UNREAD,
      progressDone: null,
      progressTotal: null,
    })
    .where("studyInstanceUid", "=", uid)
    .execute();
  await addEvent(db, uid, "failed", `${error.code}: ${error.message}`);
}

/** Records that an attempt has failed and another one will follow. */
export async function postponeStudy(db: Db, uid: string, why: string): Promise<void> {
  await db
    .updateTable("studies")
    .set({ state: sql`case when state = 'scoring' then 'waiting' else state end` })
    .set({ progressDone: null, progressTotal: null })
    .where("studyInstanceUid", "=", uid)
    .execute();
  await addEvent(db, uid, "retry", why);
}

/** @returns what became of the request: a study that is to be scored again already is left as it is */
export async function requestRescore(db: Db, uid: string): Promise<"requested" | "requested before" | "no such study"> {
  const { numUpdatedRows } = await db
    .updateTable("studies")
    .set({ news: sql`news + 1`, attempts: 0, forced: true, saidStable: true })
    .where("studyInstanceUid", "=", uid)
    .where((where) => where.not(where.and([where("forced", "=", true), where("news", ">", where.ref("handled"))])))
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return (await findStudy(db, uid)) === undefined ? "no such study" : "requested before";
  await addEvent(db, uid, "rescore-requested");
  return "requested";
}

/**
 * Gives studies and deliveries that an outage of this PACS has ended another round of attempts; a few times only: the
 * study may be what brings the PACS down.
 */
export async function reviveAfterOutage(db: Db, pacs: string): Promise<void> {
  const revived = await db
    .updateTable("studies")
    .set({ state: "received", news: sql`news + 1`, attempts: 0, errorCode: null, errorMessage: null })
    .set({ flag: sql`case when result_id is null then 'pending' else flag end` })
    .where("state", "=", "failed")
    .where("errorCode", "in", OUTAGE_CODES)
    .where((where) => where.or([where("pacs", "=", pacs), where("pacs", "is", null)]))
    .where(timesSeen("studies", "failed"), "<", MOST_ROUNDS)
    .returning("studyInstanceUid")
    .execute();
  for (const study of revived) await addEvent(db, study.studyInstanceUid, "resumed", `PACS ${pacs} is back`);
  await db
    .updateTable("deliveries")
    .set({ state: "pending", attempts: 0 })
    .where("state", "=", "failed")
    .where("errorCode", "in", OUTAGE_CODES)
    .where(timesSeen("deliveries", "delivery-failed"), "<", MOST_ROUNDS)
    .where("studyInstanceUid", "in", (query) =>
      query.selectFrom("studies").select("studyInstanceUid").where("pacs", "=", pacs),
    )
    .execute();
}

/** How often an event stands among those of the study that a row belongs to. */
function timesSeen(table: "studies" | "deliveries", type: string) {
  const uid = sql.ref(`${table}.studyInstanceUid`);
  return sql<number>`(select count(*) from study_events e where e.study_instance_uid = ${uid} and e.type = ${type})`;
}

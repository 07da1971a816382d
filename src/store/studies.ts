import { sql } from "kysely";
import type { StudyResult } from "../contract/result.ts";
import type { StudyAttributes } from "../contract/study-attributes.ts";
import type { StudyNews } from "../contract/study-news.ts";
import type { Flag, StudyState } from "../contract/study-state.ts";
import { notSeenOf } from "../contract/warning.ts";
import { addEvent } from "./events.ts";
import { settleRead } from "./read-state.ts";
import type { Db } from "./schema.ts";
import { searchText } from "./search-text.ts";
import { type BesideAttributes, parseStudyRow, type StudyRow } from "./study-row.ts";

/**
 * Records that there is news of a study. "Not stable" with a number of instances that is known already, or
 * without a number for a study that is known already, is no news.
 * @returns whether the study must be looked at
 */
export async function recordNews(
  db: Db,
  studyInstanceUid: string,
  { instances, stable }: StudyNews,
  pacs: string | null,
): Promise<boolean> {
  const inserted = await db
    .insertInto("studies")
    .values({
      studyInstanceUid,
      pacs,
      state: "received",
      instances: instances ?? null,
      instancesChangedAt: sql`now()`,
      saidStable: stable,
      news: 1,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("studyInstanceUid")
    .executeTakeFirst();
  if (inserted !== undefined) {
    await addEvent(db, studyInstanceUid, "received", instances === undefined ? "" : `${instances} instances`);
    return true;
  }
  if (!stable && instances === undefined) return false;
  let update = db
    .updateTable("studies")
    .set({ news: sql`news + 1`, attempts: 0 })
    .where("studyInstanceUid", "=", studyInstanceUid);
  if (stable) update = update.set({ saidStable: true });
  else update = update.where("instances", "is distinct from", instances ?? null);
  if (instances !== undefined) update = update.set(countInstances(instances));
  const { numUpdatedRows } = await update.executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** The time of the last change stays when the number does. */
function countInstances(instances: number) {
  return {
    instances,
    instancesChangedAt: sql<Date | null>`case when instances = ${instances} then instances_changed_at else now() end`,
  };
}

export async function findStudy(db: Db, studyInstanceUid: string): Promise<StudyRow | undefined> {
  const row = await db
    .selectFrom("studies")
    .selectAll()
    .where("studyInstanceUid", "=", studyInstanceUid)
    .executeTakeFirst();
  return row && parseStudyRow(row);
}

/** Records what the PACS says of the study as a whole. */
export async function identifyStudy(
  db: Db,
  pacs: string,
  attributes: StudyAttributes,
  instances: number | null,
  beside: Partial<BesideAttributes> = {},
): Promise<StudyRow> {
  const row = await db
    .updateTable("studies")
    .set({ pacs, attributes: JSON.stringify({ ...attributes, ...beside }), search: searchText(attributes) })
    .set(instances === null ? {} : countInstances(instances))
    .set(instances === null ? {} : { images: sql`case when result_id is null then ${instances} else images end` })
    .where("studyInstanceUid", "=", attributes.studyInstanceUid)
    .returningAll()
    .executeTakeFirstOrThrow();
  return parseStudyRow(row);
}

/** Moves a study to another state and records the step; does nothing when it is there already. */
export async function enterState(db: Db, studyInstanceUid: string, state: StudyState, detail: string): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable("studies")
    .set({ state, progressDone: null, progressTotal: null, errorCode: null, errorMessage: null })
    .where("studyInstanceUid", "=", studyInstanceUid)
    .where("state", "<>", state)
    .executeTakeFirst();
  if (numUpdatedRows > 0n) await addEvent(db, studyInstanceUid, state, detail);
}

export async function setProgress(db: Db, uid: string, done: number, total: number): Promise<void> {
  await db
    .updateTable("studies")
    .set({ progressDone: done, progressTotal: total })
    .where("studyInstanceUid", "=", uid)
    .where("state", "=", "scoring")
    .execute();
}

/** What the work list shows of a result, and which slices it was made of. */
export async function showResult(
  db: Db,
  resultId: number,
  result: StudyResult,
  fingerprint: string,
  images: number,
): Promise<void> {
  const any = result.findings.find((finding) => finding.label === "any");
  const present = result.findings.filter((finding) => finding.presence === "present");
  await db
    .updateTable("studies")
    .set({
      resultId,
      fingerprint,
      images,
      reason: result.reason,
      notSeen: JSON.stringify(notSeenOf(result.warnings)),
      probability: result.probabilities?.any ?? null,
      threshold: any?.threshold ?? null,
      findings: JSON.stringify(present.map(({ label, probability }) => ({ label, probability }))),
    })
    .set(raiseFlag(result.flag))
    .where("studyInstanceUid", "=", result.studyInstanceUid)
    .execute();
  await settleRead(db, result.studyInstanceUid);
}

/** The time of the flag stays when the flag does. */
function raiseFlag(flag: Flag) {
  return {
    flag,
    flaggedAt: sql<Date | null>`case when flag = ${flag} and flagged_at is not null then flagged_at else now() end`,
  };
}

/** A scored study becomes reported once nothing of its result is left to deliver. */
export async function reportIfDelivered(db: Db, uid: string): Promise<void> {
  const { open } = await db
    .selectFrom("deliveries")
    .innerJoin("studies", "studies.resultId", "deliveries.resultId")
    .select(sql<number>`count(*)::int`.as("open"))
    .where("studies.studyInstanceUid", "=", uid)
    .where("deliveries.state", "<>", "delivered")
    .executeTakeFirstOrThrow();
  const study = await findStudy(db, uid);
  if (open === 0 && study?.state === "scored") await enterState(db, uid, "reported", "");
}

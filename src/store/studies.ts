import { type Kysely, type Selectable, sql } from "kysely";
import type { StudyResult } from "../contract/result.ts";
import type { StudyAttributes } from "../contract/study-attributes.ts";
import type { StudyNews } from "../contract/study-news.ts";
import type { Flag, StudyState } from "../contract/study-state.ts";
import { addEvent } from "./events.ts";
import type { Schema } from "./schema.ts";
import { searchText } from "./search-text.ts";

export type StudyRow = Selectable<Schema["studies"]>;

/**
 * Takes down that there is news of a study. "Not stable" with a number of instances that is known already, or
 * without a number for a study that is known already, is no news.
 * @returns whether the study must be looked at
 */
export async function recordNews(
  db: Kysely<Schema>,
  studyInstanceUid: string,
  { instances, stable }: StudyNews,
  pacs: string | null,
): Promise<boolean> {
  const inserted = await db
    .insertInto("studies")
    .values({
      study_instance_uid: studyInstanceUid,
      pacs,
      state: "received",
      instances: instances ?? null,
      instances_changed_at: sql`now()`,
      said_stable: stable,
      news: 1,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("study_instance_uid")
    .executeTakeFirst();
  if (inserted !== undefined) {
    await addEvent(db, studyInstanceUid, "received", instances === undefined ? "" : `${instances} instances`);
    return true;
  }
  if (!stable && instances === undefined) return false;
  let update = db
    .updateTable("studies")
    .set({ news: sql`news + 1`, attempts: 0 })
    .where("study_instance_uid", "=", studyInstanceUid);
  if (stable) update = update.set({ said_stable: true });
  else update = update.where("instances", "is distinct from", instances ?? null);
  if (instances !== undefined) update = update.set(countInstances(instances));
  const { numUpdatedRows } = await update.executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** The time of the last change stays when the number does. */
function countInstances(instances: number) {
  return {
    instances,
    instances_changed_at: sql<Date | null>`case when instances = ${instances} then instances_changed_at else now() end`,
  };
}

export async function findStudy(db: Kysely<Schema>, studyInstanceUid: string): Promise<StudyRow | undefined> {
  return db.selectFrom("studies").selectAll().where("study_instance_uid", "=", studyInstanceUid).executeTakeFirst();
}

/** Takes down what the PACS says of the study as a whole. */
export async function identifyStudy(
  db: Kysely<Schema>,
  pacs: string,
  attributes: StudyAttributes,
  instances: number | null,
): Promise<StudyRow> {
  return db
    .updateTable("studies")
    .set({ pacs, attributes: JSON.stringify(attributes), search: searchText(attributes) })
    .set(instances === null ? {} : countInstances(instances))
    .set(instances === null ? {} : { images: sql`case when result_id is null then ${instances} else images end` })
    .where("study_instance_uid", "=", attributes.studyInstanceUid)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Moves a study to another state and takes down the step; does nothing when it is there already. */
export async function enterState(
  db: Kysely<Schema>,
  studyInstanceUid: string,
  state: StudyState,
  detail: string,
): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable("studies")
    .set({ state, progress_done: null, progress_total: null, error_code: null, error_message: null })
    .where("study_instance_uid", "=", studyInstanceUid)
    .where("state", "<>", state)
    .executeTakeFirst();
  if (numUpdatedRows > 0n) await addEvent(db, studyInstanceUid, state, detail);
}

export async function setProgress(db: Kysely<Schema>, uid: string, done: number, total: number): Promise<void> {
  await db
    .updateTable("studies")
    .set({ progress_done: done, progress_total: total })
    .where("study_instance_uid", "=", uid)
    .where("state", "=", "scoring")
    .execute();
}

/** What the work list shows of a result, and which slices it was made of. */
export async function showResult(
  db: Kysely<Schema>,
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
      result_id: resultId,
      fingerprint,
      images,
      reason: result.reason,
      not_seen: JSON.stringify(notSeenOf(result.warnings)),
      probability: result.probabilities?.any ?? null,
      threshold: any?.threshold ?? null,
      findings: JSON.stringify(present.map(({ label, probability }) => ({ label, probability }))),
    })
    .set(raiseFlag(result.flag))
    .where("study_instance_uid", "=", result.studyInstanceUid)
    .execute();
}

/** The time of the flag stays when the flag does. */
function raiseFlag(flag: Flag) {
  return {
    flag,
    flagged_at: sql<Date | null>`case when flag = ${flag} and flagged_at is not null then flagged_at else now() end`,
  };
}

/** A scored study becomes reported once nothing of its result is left to deliver. */
export async function reportIfDelivered(db: Kysely<Schema>, uid: string): Promise<void> {
  const { open } = await db
    .selectFrom("deliveries")
    .innerJoin("studies", "studies.result_id", "deliveries.result_id")
    .select(sql<number>`count(*)::int`.as("open"))
    .where("studies.study_instance_uid", "=", uid)
    .where("deliveries.state", "<>", "delivered")
    .executeTakeFirstOrThrow();
  const study = await findStudy(db, uid);
  if (open === 0 && study?.state === "scored") await enterState(db, uid, "reported", "");
}

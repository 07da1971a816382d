import { type Nullable, sql } from "kysely";
import type { Reading } from "../contract/reading.ts";
import type { StudyState } from "../contract/study-state.ts";
import type { WorklistCounts, WorklistGroup } from "../contract/worklist.ts";
import type { Db } from "./schema.ts";
import { searchPatterns } from "./search-text.ts";
import { parseStudyRow, type StudyRow } from "./study-row.ts";

/** By rank, the generated column that puts the list in order. */
const GROUPS = [
  "attention", // critical
  "attention", // undetermined
  "attention", // a head that could not be analysed
  "failed",
  "waiting",
  "negative",
  "not-analysed", // no head
  "read",
] as const satisfies WorklistGroup[];

const IS_FLAGGED = sql<boolean>`flag in ('critical', 'undetermined')`;

/** A place in a sorted list: the last study of the page before. */
export interface Place {
  rank: number;
  receivedAt: string;
  studyInstanceUid: string;
}

export interface WorklistFilter {
  state?: StudyState | undefined;
  flagged?: boolean | undefined;
  group?: WorklistGroup | undefined;
  /** Words, each of which must occur somewhere. */
  text?: string | undefined;
  sort: "priority" | "received" | "-received";
  limit: number;
  after?: Place | undefined;
}

/** A study with what else the work list shows of it. */
export type ListedStudy = StudyRow & {
  group: WorklistGroup;
  /** Who has had it open for the longest time. */
  reading: Reading | null;
};

function selectListed(db: Db) {
  return db
    .selectFrom("studies")
    .leftJoinLateral(
      (study) =>
        study
          .selectFrom("readings")
          .select(["reader", "since"])
          .whereRef("readings.studyInstanceUid", "=", "studies.studyInstanceUid")
          .where("until", ">", sql<Date>`now()`)
          .orderBy("since")
          .limit(1)
          .as("claim"),
      (join) => join.onTrue(),
    )
    .selectAll("studies")
    .select(["claim.reader", "claim.since"]);
}

function parseListed(
  row: Parameters<typeof parseStudyRow>[0] & Nullable<{ reader: string; since: Date }>,
): ListedStudy {
  const { reader, since, ...study } = row;
  return {
    ...parseStudyRow(study),
    group: GROUPS[study.rank] ?? "attention",
    reading: reader === null || since === null ? null : { reader, since: since.toISOString() },
  };
}

export async function findListedStudy(db: Db, studyInstanceUid: string): Promise<ListedStudy | undefined> {
  const row = await selectListed(db).where("studyInstanceUid", "=", studyInstanceUid).executeTakeFirst();
  return row && parseListed(row);
}

/**
 * A page of the work list. By priority: in the order of GROUPS, inside each the one that has waited longest first.
 */
export async function listStudies(
  db: Db,
  filter: WorklistFilter,
): Promise<{ rows: ListedStudy[]; next: Place | null }> {
  let select = selectListed(db);
  if (filter.state !== undefined) select = select.where("state", "=", filter.state);
  if (filter.flagged !== undefined)
    select = select.where(filter.flagged ? IS_FLAGGED : sql<boolean>`not ${IS_FLAGGED}`);
  if (filter.group !== undefined) {
    select = select.where(
      sql<boolean>`rank between ${GROUPS.indexOf(filter.group)} and ${GROUPS.lastIndexOf(filter.group)}`,
    );
  }
  for (const pattern of searchPatterns(filter.text ?? "")) select = select.where("search", "like", pattern);
  if (filter.after !== undefined) select = select.where(comesAfter(filter.after, filter.sort));
  if (filter.sort === "priority") select = select.orderBy("rank");
  const direction = filter.sort === "-received" ? "desc" : "asc";
  const rows = await select
    .orderBy("receivedAt", direction)
    .orderBy("studyInstanceUid", direction)
    .limit(filter.limit + 1)
    .execute();
  const page = rows.slice(0, filter.limit).map(parseListed);
  const last = page.at(-1);
  return { rows: page, next: rows.length > page.length && last !== undefined ? placeOf(last) : null };
}

function placeOf(row: StudyRow): Place {
  return { rank: row.rank, receivedAt: row.receivedAt.toISOString(), studyInstanceUid: row.studyInstanceUid };
}

function comesAfter(place: Place, sort: WorklistFilter["sort"]) {
  const { rank, receivedAt, studyInstanceUid: uid } = place;
  const columns = sql`received_at, study_instance_uid`;
  const values = sql`${receivedAt}::timestamptz, ${uid}::text`;
  if (sort === "priority") return sql<boolean>`(rank, ${columns}) > (${rank}::smallint, ${values})`;
  if (sort === "received") return sql<boolean>`(${columns}) > (${values})`;
  return sql<boolean>`(${columns}) < (${values})`;
}

/** How many studies stand in each group. */
export async function countGroups(db: Db): Promise<WorklistCounts> {
  const rows = await db
    .selectFrom("studies")
    .select(["rank", sql<number>`count(*)::int`.as("studies")])
    .groupBy("rank")
    .execute();
  const ofRank = (wanted: number) => rows.find(({ rank }) => rank === wanted)?.studies ?? 0;
  const groups: WorklistCounts["groups"] = {
    attention: 0,
    failed: 0,
    waiting: 0,
    negative: 0,
    "not-analysed": 0,
    read: 0,
  };
  GROUPS.forEach((group, rank) => {
    groups[group] += ofRank(rank);
  });
  return { groups, critical: ofRank(0), undetermined: ofRank(1) };
}

/** Studies that wait for their turn and studies being scored. */
export async function countQueue(db: Db): Promise<{ waiting: number; active: number }> {
  return db
    .selectFrom("studies")
    .select([
      sql<number>`(count(*) filter (where state <> 'scoring'))::int`.as("waiting"),
      sql<number>`(count(*) filter (where state = 'scoring'))::int`.as("active"),
    ])
    .where("state", "in", ["received", "waiting", "scoring"])
    .executeTakeFirstOrThrow();
}

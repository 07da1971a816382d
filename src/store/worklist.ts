import { sql } from "kysely";
import type { StudyState } from "../contract/study-state.ts";
import { ANSWER_WITHDRAWN } from "../contract/words.ts";
import type { Db } from "./schema.ts";
import { searchPatterns } from "./search-text.ts";
import { parseStudyRow, type StudyRow } from "./study-row.ts";

/** Rank from which a study is not flagged: see the generated column `rank`. */
const FIRST_UNFLAGGED_RANK = 2;

/** A place in a sorted list: the last study of the page before. */
export interface Place {
  rank: number;
  receivedAt: string;
  studyInstanceUid: string;
}

export interface WorklistFilter {
  state?: StudyState | undefined;
  flagged?: boolean | undefined;
  /** Words, each of which must occur somewhere. */
  text?: string | undefined;
  sort: "priority" | "received" | "-received";
  limit: number;
  after?: Place | undefined;
}

/** A study with what else the work list shows of it. */
export type ListedStudy = StudyRow & {
  /** A reader's answer to the present result stands: a later result has not been read, even if the flag is the same. */
  answered: boolean;
};

function selectListed(db: Db) {
  return db
    .selectFrom("studies")
    .selectAll()
    .select((study) =>
      study
        .exists(
          study
            .selectFrom("feedback")
            .innerJoin("results", "results.id", "studies.resultId")
            .select("feedback.id")
            .whereRef("feedback.studyInstanceUid", "=", "studies.studyInstanceUid")
            .whereRef("feedback.at", ">=", "results.createdAt")
            .where("feedback.comment", "is distinct from", ANSWER_WITHDRAWN)
            .where(({ not, exists, selectFrom }) =>
              not(
                exists(
                  selectFrom("feedback as later")
                    .select("later.id")
                    .whereRef("later.studyInstanceUid", "=", "feedback.studyInstanceUid")
                    .whereRef("later.findingId", "is not distinct from", "feedback.findingId")
                    .whereRef("later.id", ">", "feedback.id")
                    .where("later.comment", "=", ANSWER_WITHDRAWN),
                ),
              ),
            ),
        )
        .as("answered"),
    );
}

type SelectedRow = Parameters<typeof parseStudyRow>[0] & { answered: unknown };

function parseListed(row: SelectedRow): ListedStudy {
  return { ...parseStudyRow(row), answered: row.answered === true };
}

export async function findListedStudy(db: Db, studyInstanceUid: string): Promise<ListedStudy | undefined> {
  const row = await selectListed(db).where("studyInstanceUid", "=", studyInstanceUid).executeTakeFirst();
  return row && parseListed(row);
}

/**
 * A page of the work list. By priority: critical, then undetermined, then studies without a result yet, then the
 * rest (negative, not analysed, failed); inside each the one that has waited longest first.
 */
export async function listStudies(
  db: Db,
  filter: WorklistFilter,
): Promise<{ rows: ListedStudy[]; next: Place | null }> {
  let select = selectListed(db);
  if (filter.state !== undefined) select = select.where("state", "=", filter.state);
  if (filter.flagged !== undefined) {
    select = select.where("rank", filter.flagged ? "<" : ">=", FIRST_UNFLAGGED_RANK);
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

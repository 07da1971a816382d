import { sql } from "kysely";
import type { FeedbackRow } from "./feedback.ts";
import type { Db } from "./schema.ts";

/** An answer with what it is an answer to. */
export type ExportedFeedback = Pick<
  FeedbackRow,
  | "id"
  | "studyInstanceUid"
  | "seriesInstanceUid"
  | "sopInstanceUid"
  | "label"
  | "decision"
  | "present"
  | "reader"
  | "at"
  | "withdrawnAt"
  | "comment"
  | "flag"
  | "probability"
> & { patientId: string; modelName: string | null; modelVersion: string | null; contentHash: string | null };

/** The last answer of the page before. */
export interface AnswerPlace {
  changedAt: string;
  id: number;
}

export interface AnswerFilter {
  /** Given or withdrawn at this time or later; before that one. */
  since?: string | undefined;
  until?: string | undefined;
  limit: number;
  after?: AnswerPlace | undefined;
}

const CHANGED_AT = sql<Date>`greatest(feedback.at, feedback.withdrawn_at)`;

/** The answers of all studies, withdrawn ones too, in the order in which they were given or withdrawn. */
export async function listAnswers(
  db: Db,
  { since, until, limit, after }: AnswerFilter,
): Promise<{ rows: ExportedFeedback[]; next: AnswerPlace | null }> {
  let select = db
    .selectFrom("feedback")
    .innerJoin("studies", "studies.studyInstanceUid", "feedback.studyInstanceUid")
    .leftJoin("results", "results.id", "feedback.resultId")
    .select([
      "feedback.id",
      "feedback.studyInstanceUid",
      "feedback.seriesInstanceUid",
      "feedback.sopInstanceUid",
      "feedback.label",
      "feedback.decision",
      "feedback.present",
      "feedback.reader",
      "feedback.at",
      "feedback.withdrawnAt",
      "feedback.comment",
      "feedback.flag",
      "feedback.probability",
      "results.modelName",
      "results.modelVersion",
      "results.contentHash",
      sql<string>`coalesce(studies.attributes->>'patientId', '')`.as("patientId"),
      CHANGED_AT.as("changedAt"),
    ]);
  if (since !== undefined) select = select.where(CHANGED_AT, ">=", sql<Date>`${since}::timestamptz`);
  if (until !== undefined) select = select.where(CHANGED_AT, "<", sql<Date>`${until}::timestamptz`);
  if (after !== undefined) {
    const { changedAt, id } = after;
    select = select.where(sql<boolean>`(${CHANGED_AT}, feedback.id) > (${changedAt}::timestamptz, ${id}::integer)`);
  }
  const found = await select
    .orderBy(CHANGED_AT)
    .orderBy("feedback.id")
    .limit(limit + 1)
    .execute();
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const hasMore = found.length > page.length && last !== undefined;
  const next = hasMore ? { changedAt: last.changedAt.toISOString(), id: last.id } : null;
  return { rows: page.map(({ changedAt: _, ...row }) => row), next };
}

import type { Kysely } from "kysely";
import type { ModelRef } from "../contract/model.ts";
import type { StudyResult } from "../contract/result.ts";
import type { Flag } from "../contract/study-state.ts";
import type { Schema } from "./schema.ts";

export interface StoredResult {
  id: number;
  contentHash: string;
  model: ModelRef;
  result: StudyResult;
}

/** An earlier result of a study. */
export interface FormerResult {
  at: string;
  contentHash: string;
  model: ModelRef | null;
  flag: Flag;
  srSopInstanceUid: string | null;
}

/** Keeps a result; one of the same content and model takes the place of the one before. */
export async function saveResult(
  db: Kysely<Schema>,
  { contentHash, model, result }: Omit<StoredResult, "id">,
): Promise<number> {
  const content = { flag: result.flag, result: JSON.stringify(result) };
  const { id } = await db
    .insertInto("results")
    .values({
      study_instance_uid: result.studyInstanceUid,
      content_hash: contentHash,
      model_name: model.name,
      model_version: model.version,
      ...content,
    })
    .onConflict((conflict) =>
      conflict
        .columns(["study_instance_uid", "content_hash", "model_name", "model_version"])
        .doUpdateSet({ ...content, created_at: new Date() }),
    )
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

export async function findResult(db: Kysely<Schema>, id: number | null): Promise<StoredResult | undefined> {
  if (id === null) return undefined;
  const row = await db.selectFrom("results").selectAll().where("id", "=", id).executeTakeFirst();
  if (row === undefined) return undefined;
  const model = { name: row.model_name, version: row.model_version };
  return { id: row.id, contentHash: row.content_hash, model, result: row.result };
}

/** All results of the study but the current one, newest first. */
export async function listFormerResults(
  db: Kysely<Schema>,
  studyInstanceUid: string,
  currentId: number | null,
): Promise<FormerResult[]> {
  const rows = await db
    .selectFrom("results")
    .leftJoin("deliveries", (join) =>
      join
        .onRef("deliveries.result_id", "=", "results.id")
        .on("deliveries.kind", "=", "sr")
        .on("deliveries.state", "=", "delivered"),
    )
    .select([
      "results.created_at",
      "results.content_hash",
      "results.flag",
      "results.result",
      "deliveries.sop_instance_uid",
    ])
    .where("results.study_instance_uid", "=", studyInstanceUid)
    .where("results.id", "is distinct from", currentId)
    .orderBy("results.created_at", "desc")
    .execute();
  return rows.map((row) => ({
    at: row.created_at.toISOString(),
    contentHash: row.content_hash,
    model: row.result.model,
    flag: row.flag,
    srSopInstanceUid: row.sop_instance_uid,
  }));
}

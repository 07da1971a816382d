import type { ModelRef } from "../contract/model.ts";
import type { StudyResult } from "../contract/result.ts";
import type { HistoryEntry } from "../contract/study.ts";
import type { Db } from "./schema.ts";
import { parseStoredResult } from "./stored-result.ts";

export interface StoredResult {
  id: number;
  contentHash: string;
  model: ModelRef;
  result: StudyResult;
}

/** Keeps a result; one of the same content and model takes the place of the one before. */
export async function saveResult(db: Db, { contentHash, model, result }: Omit<StoredResult, "id">): Promise<number> {
  const content = { flag: result.flag, result: JSON.stringify(result) };
  const { id } = await db
    .insertInto("results")
    .values({
      studyInstanceUid: result.studyInstanceUid,
      contentHash,
      modelName: model.name,
      modelVersion: model.version,
      ...content,
    })
    .onConflict((conflict) =>
      conflict
        .columns(["studyInstanceUid", "contentHash", "modelName", "modelVersion"])
        .doUpdateSet({ ...content, createdAt: new Date() }),
    )
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

/** undefined when there is none, or none that can be read. */
export async function findResult(db: Db, id: number | null): Promise<StoredResult | undefined> {
  if (id === null) return undefined;
  const row = await db.selectFrom("results").selectAll().where("id", "=", id).executeTakeFirst();
  const result = parseStoredResult(row?.result);
  if (row === undefined || result === undefined) return undefined;
  const model = { name: row.modelName, version: row.modelVersion };
  return { id: row.id, contentHash: row.contentHash, model, result };
}

/** When the result was made; undefined when there is none. */
export async function findResultTime(db: Db, id: number | null): Promise<Date | undefined> {
  if (id === null) return undefined;
  const row = await db.selectFrom("results").select("createdAt").where("id", "=", id).executeTakeFirst();
  return row?.createdAt;
}

/** All results of the study but the current one, newest first. */
export async function listFormerResults(
  db: Db,
  studyInstanceUid: string,
  currentId: number | null,
): Promise<HistoryEntry[]> {
  const rows = await db
    .selectFrom("results")
    .leftJoin("deliveries", (join) =>
      join
        .onRef("deliveries.resultId", "=", "results.id")
        .on("deliveries.kind", "=", "sr")
        .on("deliveries.state", "=", "delivered"),
    )
    .select([
      "results.createdAt",
      "results.contentHash",
      "results.flag",
      "results.modelName",
      "results.modelVersion",
      "deliveries.sopInstanceUid",
    ])
    .where("results.studyInstanceUid", "=", studyInstanceUid)
    .where("results.id", "is distinct from", currentId)
    .orderBy("results.createdAt", "desc")
    .execute();
  return rows.map((row) => ({
    at: row.createdAt.toISOString(),
    contentHash: row.contentHash,
    model: { name: row.modelName, version: row.modelVersion },
    flag: row.flag,
    srSopInstanceUid: row.sopInstanceUid,
  }));
}

import { type Kysely, type Selectable, sql } from "kysely";
import type { Delivery, DeliveryKind } from "../contract/delivery.ts";
import type { VigilError } from "../errors.ts";
import type { Schema } from "./schema.ts";

type Row = Selectable<Schema["deliveries"]>;

/** An object that waits for its delivery, with the PACS it goes to. */
export type DeliveryRow = Row & { pacs: string | null };

/** An object we made. */
export type OwnObject = Pick<Row, "sop_class_uid" | "sop_instance_uid" | "series_instance_uid">;

/** A DICOM object to be stored in the PACS. */
export interface Deliverable {
  kind: DeliveryKind;
  sopClassUid: string;
  sopInstanceUid: string;
  seriesInstanceUid: string;
  bytes: Uint8Array;
}

/** Puts an object up for delivery; one of the same result that was delivered before is delivered anew. */
export async function addDelivery(
  db: Kysely<Schema>,
  resultId: number,
  studyInstanceUid: string,
  object: Deliverable,
): Promise<void> {
  const content = {
    state: "pending" as const,
    attempts: 0,
    sop_class_uid: object.sopClassUid,
    sop_instance_uid: object.sopInstanceUid,
    series_instance_uid: object.seriesInstanceUid,
    content: object.bytes,
    error_code: null,
    error_message: null,
  };
  await db
    .insertInto("deliveries")
    .values({ result_id: resultId, study_instance_uid: studyInstanceUid, kind: object.kind, ...content })
    .onConflict((conflict) => conflict.columns(["result_id", "kind"]).doUpdateSet(content))
    .execute();
}

/** A result that another one has replaced is not delivered any more. */
export async function dropPendingDeliveries(db: Kysely<Schema>, uid: string, exceptResultId: number): Promise<void> {
  await db
    .deleteFrom("deliveries")
    .where("study_instance_uid", "=", uid)
    .where("result_id", "<>", exceptResultId)
    .where("state", "<>", "delivered")
    .execute();
}

/** All objects we ever made of this study, newest result first, delivered or not. */
export async function listObjects(db: Kysely<Schema>, studyInstanceUid: string): Promise<OwnObject[]> {
  return db
    .selectFrom("deliveries")
    .select(["sop_class_uid", "sop_instance_uid", "series_instance_uid"])
    .where("study_instance_uid", "=", studyInstanceUid)
    .orderBy("result_id", "desc")
    .execute();
}

export async function listPendingDeliveries(db: Kysely<Schema>, studyInstanceUid: string): Promise<DeliveryRow[]> {
  return db
    .selectFrom("deliveries")
    .innerJoin("studies", "studies.study_instance_uid", "deliveries.study_instance_uid")
    .selectAll("deliveries")
    .select("studies.pacs")
    .where("deliveries.study_instance_uid", "=", studyInstanceUid)
    .where("deliveries.state", "=", "pending")
    .execute();
}

export async function listDeliveries(db: Kysely<Schema>, resultId: number): Promise<Delivery[]> {
  const rows = await db
    .selectFrom("deliveries")
    .selectAll()
    .where("result_id", "=", resultId)
    .orderBy("kind")
    .execute();
  return rows.map((row) => ({
    kind: row.kind,
    state: row.state,
    sopInstanceUid: row.sop_instance_uid,
    attempts: row.attempts,
    error: row.error_code === null ? null : { code: row.error_code, message: row.error_message ?? "" },
  }));
}

/** Counted before the attempt, so that one which kills the process counts as well. */
export async function beginDelivery(db: Kysely<Schema>, delivery: DeliveryRow): Promise<void> {
  await update(db, delivery).set({ attempts: sql`attempts + 1` }).execute();
}

export async function markDelivered(db: Kysely<Schema>, delivery: DeliveryRow): Promise<void> {
  const done = { state: "delivered", delivered_at: new Date(), error_code: null, error_message: null } as const;
  await update(db, delivery).set(done).execute();
}

/**
 * Has the delivered objects of a result stored again that the PACS does not hold any more.
 * @returns whether there are any
 */
export async function markMissing(db: Kysely<Schema>, resultId: number, present: string[]): Promise<boolean> {
  let missing = db
    .updateTable("deliveries")
    .set({ state: "pending", attempts: 0 })
    .where("result_id", "=", resultId)
    .where("state", "=", "delivered");
  if (present.length > 0) missing = missing.where("sop_instance_uid", "not in", present);
  const { numUpdatedRows } = await missing.executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function recordDeliveryError(
  db: Kysely<Schema>,
  delivery: DeliveryRow,
  error: VigilError,
  state: "pending" | "failed",
): Promise<void> {
  await update(db, delivery).set({ state, error_code: error.code, error_message: error.message }).execute();
}

function update(db: Kysely<Schema>, delivery: DeliveryRow) {
  return db.updateTable("deliveries").where("result_id", "=", delivery.result_id).where("kind", "=", delivery.kind);
}

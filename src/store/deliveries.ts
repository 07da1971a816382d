import { type Selectable, sql } from "kysely";
import type { Delivery, DeliveryState, ObjectReference, ReportFile } from "../contract/delivery.ts";
import type { VigilError } from "../errors.ts";
import type { Db, Schema } from "./schema.ts";

/** An object that waits for its delivery, with the PACS it goes to. */
export type DeliveryRow = Selectable<Schema["deliveries"]> & { pacs: string | null };

/** Puts an object up for delivery; one of the same result that was delivered before is delivered anew. */
export async function addDelivery(
  db: Db,
  resultId: number,
  studyInstanceUid: string,
  { kind, bytes, sopClassUid, sopInstanceUid, seriesInstanceUid }: ReportFile,
): Promise<void> {
  const content = {
    state: "pending" as const,
    attempts: 0,
    sopClassUid,
    sopInstanceUid,
    seriesInstanceUid,
    content: bytes,
    errorCode: null,
    errorMessage: null,
  };
  await db
    .insertInto("deliveries")
    .values({ resultId, studyInstanceUid, kind, ...content })
    .onConflict((conflict) => conflict.columns(["resultId", "kind"]).doUpdateSet(content))
    .execute();
}

/** A result that another one has replaced is not delivered any more. */
export async function dropPendingDeliveries(db: Db, uid: string, exceptResultId: number): Promise<void> {
  await db
    .deleteFrom("deliveries")
    .where("studyInstanceUid", "=", uid)
    .where("resultId", "<>", exceptResultId)
    .where("state", "<>", "delivered")
    .execute();
}

/** All objects we ever made of this study, newest result first, delivered or not. */
export async function listObjects(db: Db, studyInstanceUid: string): Promise<ObjectReference[]> {
  return db
    .selectFrom("deliveries")
    .select(["sopClassUid", "sopInstanceUid", "seriesInstanceUid"])
    .where("studyInstanceUid", "=", studyInstanceUid)
    .orderBy("resultId", "desc")
    .execute();
}

export async function listPendingDeliveries(db: Db, studyInstanceUid: string): Promise<DeliveryRow[]> {
  return db
    .selectFrom("deliveries")
    .innerJoin("studies", "studies.studyInstanceUid", "deliveries.studyInstanceUid")
    .selectAll("deliveries")
    .select("studies.pacs")
    .where("deliveries.studyInstanceUid", "=", studyInstanceUid)
    .where("deliveries.state", "=", "pending")
    .execute();
}

export async function listDeliveries(db: Db, resultId: number): Promise<Delivery[]> {
  const rows = await db
    .selectFrom("deliveries")
    .select(["kind", "state", "sopInstanceUid", "attempts", "errorCode", "errorMessage"])
    .where("resultId", "=", resultId)
    .orderBy("kind")
    .execute();
  return rows.map(({ errorCode, errorMessage, ...delivery }) => ({
    ...delivery,
    error: errorCode === null ? null : { code: errorCode, message: errorMessage ?? "" },
  }));
}

/** Counted before the attempt, so that one which kills the process counts as well. */
export async function beginDelivery(db: Db, delivery: DeliveryRow): Promise<void> {
  await update(db, delivery).set({ attempts: sql`attempts + 1` }).execute();
}

export async function markDelivered(db: Db, delivery: DeliveryRow): Promise<void> {
  const done = { state: "delivered", deliveredAt: new Date(), errorCode: null, errorMessage: null } as const;
  await update(db, delivery).set(done).execute();
}

/** For an attempt that was none, as we are being stopped. The error stays as a trace: the object may have arrived. */
export async function takeBackDelivery(db: Db, delivery: DeliveryRow, error: VigilError): Promise<void> {
  await recordDeliveryError(db, delivery, error, "pending");
  await update(db, delivery).set({ attempts: sql`greatest(attempts - 1, 0)` }).execute();
}

/**
 * Has the delivered objects of a result stored again that the PACS does not hold any more.
 * @returns whether there are any
 */
export async function markMissing(db: Db, resultId: number, present: string[]): Promise<boolean> {
  let missing = db
    .updateTable("deliveries")
    .set({ state: "pending", attempts: 0 })
    .where("resultId", "=", resultId)
    .where("state", "=", "delivered");
  if (present.length > 0) missing = missing.where("sopInstanceUid", "not in", present);
  const { numUpdatedRows } = await missing.executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function recordDeliveryError(
  db: Db,
  delivery: DeliveryRow,
  error: VigilError,
  state: DeliveryState,
): Promise<void> {
  await update(db, delivery).set({ state, errorCode: error.code, errorMessage: error.message }).execute();
}

function update(db: Db, delivery: DeliveryRow) {
  return db.updateTable("deliveries").where("resultId", "=", delivery.resultId).where("kind", "=", delivery.kind);
}

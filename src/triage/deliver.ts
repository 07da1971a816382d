import { toVigilError, VigilError } from "../errors.ts";
import {
  beginDelivery,
  type DeliveryRow,
  listPendingDeliveries,
  markDelivered,
  recordDeliveryError,
  takeBackDelivery,
} from "../store/deliveries.ts";
import { addEvent } from "../store/events.ts";
import { reportIfDelivered } from "../store/studies.ts";
import type { TriageContext } from "./context.ts";
import { canRetry, retryAt } from "./retry.ts";

/**
 * Stores what is up for delivery in the PACS of the study, each object on its own. A study whose objects are all
 * stored is reported; one that fails leaves the study scored, is tried again later, and needs no new scoring.
 */
export async function deliver(context: TriageContext, uid: string, signal: AbortSignal): Promise<void> {
  const { db } = context.database;
  for (const delivery of await listPendingDeliveries(db, uid)) {
    try {
      await beginDelivery(db, delivery);
      await store(context, delivery, signal);
      await markDelivered(db, delivery);
      await addEvent(db, uid, "delivered", delivery.kind);
    } catch (error) {
      if (signal.aborted) return breakOff(context, delivery, toVigilError(error));
      await retryLater(context, delivery, toVigilError(error));
    }
  }
  await reportIfDelivered(db, uid);
}

async function store({ pacs: configured }: TriageContext, delivery: DeliveryRow, signal: AbortSignal): Promise<void> {
  const pacs = configured.find(({ name }) => name === delivery.pacs);
  if (pacs === undefined) throw new VigilError("config-invalid", `there is no PACS ${delivery.pacs} any more`);
  // An earlier attempt may have succeeded and only its answer got lost.
  const tried = delivery.attempts > 0 || delivery.errorCode !== null;
  if (tried && (await pacs.hasInstance(delivery.studyInstanceUid, delivery.sopInstanceUid, signal))) return;
  await pacs.store([delivery.content], signal);
}

/** An attempt that we broke off ourselves does not count. */
async function breakOff({ database, queue }: TriageContext, delivery: DeliveryRow, error: VigilError): Promise<void> {
  await database.db.transaction().execute(async (transaction) => {
    await takeBackDelivery(transaction, delivery, error);
    await queue.wakeLater(delivery.studyInstanceUid, new Date(), transaction);
  });
}

async function retryLater(
  { config, database, queue, logger }: TriageContext,
  delivery: DeliveryRow,
  error: VigilError,
): Promise<void> {
  const { studyInstanceUid, kind } = delivery;
  const attempts = delivery.attempts + 1;
  const again = canRetry(config, error, attempts);
  await database.db.transaction().execute(async (transaction) => {
    await recordDeliveryError(transaction, delivery, error, again ? "pending" : "failed");
    await addEvent(
      transaction,
      studyInstanceUid,
      again ? "delivery-retry" : "delivery-failed",
      `${kind}, ${error.code}`,
    );
    if (again) await queue.wakeLater(studyInstanceUid, retryAt(config, attempts), transaction);
  });
  logger.warn({ studyInstanceUid, kind, attempts, again, code: error.code }, error.message);
}

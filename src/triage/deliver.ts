import { toVigilError, VigilError } from "../errors.ts";
import {
  beginDelivery,
  type DeliveryRow,
  listPendingDeliveries,
  markDelivered,
  recordDeliveryError,
} from "../store/deliveries.ts";
import { addEvent } from "../store/events.ts";
import { reportIfDelivered } from "../store/studies.ts";
import type { WorkerContext } from "./context.ts";
import { canRetry, retryAt } from "./retry.ts";

/**
 * Stores what is up for delivery in the PACS of the study, each object on its own. A study whose objects are all
 * stored is reported; one that fails leaves the study scored, is tried again later, and needs no new scoring.
 */
export async function deliver(context: WorkerContext, uid: string, signal: AbortSignal): Promise<void> {
  const { db } = context.database;
  for (const delivery of await listPendingDeliveries(db, uid)) {
    try {
      await beginDelivery(db, delivery);
      await store(context, delivery, signal);
      await markDelivered(db, delivery);
      await addEvent(db, uid, "delivered", delivery.kind);
    } catch (error) {
      await retryLater(context, delivery, toVigilError(error), signal);
    }
  }
  await reportIfDelivered(db, uid);
}

async function store({ pacs: configured }: WorkerContext, delivery: DeliveryRow, signal: AbortSignal): Promise<void> {
  const pacs = configured.find(({ name }) => name === delivery.pacs);
  if (pacs === undefined) throw new VigilError("config-invalid", `there is no PACS ${delivery.pacs} any more`);
  // An earlier attempt may have succeeded and only its answer got lost.
  const tried = delivery.attempts > 0;
  if (tried && (await pacs.hasInstance(delivery.studyInstanceUid, delivery.sopInstanceUid, signal))) return;
  await pacs.store([delivery.content], signal);
}

async function retryLater(
  { config, database, queue, logger }: WorkerContext,
  delivery: DeliveryRow,
  error: VigilError,
  signal: AbortSignal,
): Promise<void> {
  const { studyInstanceUid: uid, kind } = delivery;
  const attempts = delivery.attempts + 1;
  const again = signal.aborted || canRetry(config, error, attempts);
  const at = signal.aborted ? new Date() : retryAt(config, attempts);
  await database.db.transaction().execute(async (transaction) => {
    await recordDeliveryError(transaction, delivery, error, again ? "pending" : "failed");
    await addEvent(transaction, uid, again ? "delivery-retry" : "delivery-failed", `${kind}, ${error.code}`);
    if (again) await queue.wakeLater(uid, at, transaction);
  });
  logger.warn({ studyInstanceUid: uid, kind, attempts, again, code: error.code }, error.message);
}

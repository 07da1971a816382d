import { backoffMs } from "../backoff.ts";
import type { VigilError } from "../errors.ts";
import type { StudyRow } from "../store/study-row.ts";
import { failStudy, postponeStudy, takeBackAttempt } from "../store/work.ts";
import type { TriageContext } from "./context.ts";

const LONGEST_DELAY_MS = 5 * 60_000;

/** Whether an error may go away by itself and there are attempts left. */
export function canRetry(config: TriageContext["config"], error: VigilError, attempts: number): boolean {
  return error.kind !== "permanent" && attempts < config.maxAttempts;
}

export function retryAt(config: TriageContext["config"], attempts: number): Date {
  const delayMs = backoffMs(attempts, { firstMs: config.retryDelayS * 1000, maxMs: LONGEST_DELAY_MS });
  return new Date(Date.now() + delayMs);
}

/** Has the study looked at again later, or ends it visibly. An attempt that we broke off ourselves does not count. */
export async function retryOrFail(
  context: TriageContext,
  study: StudyRow,
  error: VigilError,
  signal: AbortSignal,
): Promise<void> {
  const { config, database, queue, logger } = context;
  const uid = study.studyInstanceUid;
  if (signal.aborted) {
    await takeBackAttempt(database.db, uid);
    await queue.wake(uid);
    return;
  }
  const attempts = study.attempts + 1;
  await database.db.transaction().execute(async (transaction) => {
    if (canRetry(config, error, attempts)) {
      await postponeStudy(transaction, uid, `${error.code}: ${error.message}`);
      await queue.wakeLater(uid, retryAt(config, attempts), transaction);
    } else {
      await failStudy(transaction, uid, study.news, error);
    }
  });
  logger.warn({ studyInstanceUid: uid, attempts, code: error.code }, error.message);
}

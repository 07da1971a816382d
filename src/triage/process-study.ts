import { toVigilError, VigilError } from "../errors.ts";
import { findStudy } from "../store/studies.ts";
import type { StudyRow } from "../store/study-row.ts";
import { beginAttempt, takeBackAttempt } from "../store/work.ts";
import { analyseIfChanged } from "./analyse-if-changed.ts";
import type { WorkerContext } from "./context.ts";
import { deliver } from "./deliver.ts";
import { findInPacs } from "./find-in-pacs.ts";
import { retryOrFail } from "./retry.ts";
import { stableAt } from "./wait-until-stable.ts";

/**
 * Brings one study as far as it will go now: the whole workflow, top down. What is to be done stands in the
 * study's rows, so this may be called at any time and after any crash.
 */
export async function processStudy(context: WorkerContext, uid: string, signal: AbortSignal): Promise<void> {
  const study = await findStudy(context.database.db, uid);
  if (study === undefined) return;
  if (study.news > study.handled) {
    try {
      const goOn = await followNews(context, study, signal);
      if (!goOn) return;
    } catch (error) {
      await retryOrFail(context, study, toVigilError(error), signal);
      return;
    }
  }
  await deliver(context, uid, signal);
}

/** @returns false when the study must be looked at again later */
async function followNews(context: WorkerContext, study: StudyRow, signal: AbortSignal): Promise<boolean> {
  const { db } = context.database;
  const uid = study.studyInstanceUid;
  if (study.attempts >= context.config.maxAttempts) {
    throw new VigilError("interrupted", `the process died in each of ${study.attempts} attempts at this study`);
  }
  await beginAttempt(db, uid);
  const found = await findInPacs(context, study, signal);
  const readyAt = await stableAt(context, study, found);
  if (readyAt !== null) {
    await db.transaction().execute(async (transaction) => {
      await takeBackAttempt(transaction, uid);
      await context.queue.wakeLater(uid, readyAt, transaction);
    });
    return false;
  }
  await analyseIfChanged(context, study, found.pacs, signal);
  return true;
}

import type { ModelRef } from "../contract/model.ts";
import type { Pacs } from "../dicomweb/pacs.ts";
import { PacsStudySource } from "../dicomweb/pacs-source.ts";
import { buildStructuredReport } from "../reports/structured-report.ts";
import { type StudyAnalysis, wasAnalysed } from "../scoring/analysis.ts";
import { timeReport } from "../scoring/step-timer.ts";
import { addDelivery, dropPendingDeliveries, listObjects, markMissing } from "../store/deliveries.ts";
import { saveHeatMap } from "../store/heat-maps.ts";
import { findResult, type StoredResult, saveResult } from "../store/results.ts";
import { enterState, setProgress, showResult } from "../store/studies.ts";
import type { StudyRow } from "../store/study-row.ts";
import { settleNews } from "../store/work.ts";
import type { WorkerContext } from "./context.ts";
import { type Holdings, holdingsOf } from "./holdings.ts";
import { throttled } from "./throttled.ts";

const PROGRESS_INTERVAL_MS = 250;

/**
 * Scores the study unless the present result was made of the same images by the same model, and puts the report up
 * for delivery. Our own reports in the study change nothing.
 */
export async function analyseIfChanged(
  context: WorkerContext,
  study: StudyRow,
  pacs: Pacs,
  signal: AbortSignal,
): Promise<void> {
  const { db } = context.database;
  const { engine } = context;
  const uid = study.studyInstanceUid;
  const source = new PacsStudySource(pacs, uid);
  const holdings = holdingsOf(await source.listInstances(signal), await listObjects(db, uid));
  const current = await findResult(db, study.resultId);
  const sameModel = current !== undefined && isSameModel(current.model, engine.model);
  if (sameModel && !study.forced && study.fingerprint === holdings.fingerprint) {
    return keepResult(context, study, current, holdings);
  }
  await enterState(db, uid, "scoring", `${holdings.images} instances`);
  const analysis = await engine.analyse(source, {
    signal,
    onProgress: throttled(PROGRESS_INTERVAL_MS, (done: number, total: number) => {
      setProgress(db, uid, done, total).catch((error) => context.logger.warn({ err: error }, "progress not kept"));
    }),
  });
  if (sameModel && !study.forced && current.contentHash === analysis.contentHash) {
    return keepResult(context, study, current, holdings);
  }
  await keepAnalysis(context, study, analysis, holdings);
}

function isSameModel(a: ModelRef, b: ModelRef): boolean {
  return a.name === b.name && a.version === b.version;
}

async function keepAnalysis(
  { database, engine, logger }: WorkerContext,
  study: StudyRow,
  analysis: StudyAnalysis,
  { images, own, fingerprint }: Holdings,
): Promise<void> {
  const uid = study.studyInstanceUid;
  const { result } = analysis;
  const report = wasAnalysed(analysis)
    ? timeReport(result, () => buildStructuredReport(analysis, { predecessor: own[0] }))
    : null;
  await database.db.transaction().execute(async (transaction) => {
    const id = await saveResult(transaction, { contentHash: analysis.contentHash, model: engine.model, result });
    if (wasAnalysed(analysis) && analysis.heatMap !== null) await saveHeatMap(transaction, id, analysis.heatMap);
    await dropPendingDeliveries(transaction, uid, id);
    if (report !== null) await addDelivery(transaction, id, uid, report);
    await showResult(transaction, id, result, fingerprint, images);
    await enterState(transaction, uid, report === null ? "not-analysed" : "scored", result.reason ?? result.flag);
    await settleNews(transaction, uid, study.news);
  });
  logger.info({ studyInstanceUid: uid, flag: result.flag, timings: result.timings }, "study scored");
}

/** The result stands; only a report that has gone missing in the PACS is stored again. */
async function keepResult(
  { database }: WorkerContext,
  study: StudyRow,
  current: StoredResult,
  { images, own, fingerprint }: Holdings,
): Promise<void> {
  const uid = study.studyInstanceUid;
  await database.db.transaction().execute(async (transaction) => {
    const present = own.map((object) => object.sopInstanceUid);
    const missing = await markMissing(transaction, current.id, present);
    await showResult(transaction, current.id, current.result, fingerprint, images);
    if (missing || !["scored", "reported", "not-analysed"].includes(study.state)) {
      const state = current.result.reason === null ? "scored" : "not-analysed";
      await enterState(transaction, uid, state, missing ? "the PACS has lost the report" : "unchanged");
    }
    await settleNews(transaction, uid, study.news);
  });
}

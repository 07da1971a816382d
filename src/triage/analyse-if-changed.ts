import { createHash } from "node:crypto";
import type { ObjectReference } from "../contract/delivery.ts";
import type { ModelRef } from "../contract/model.ts";
import type { InstanceHeader } from "../dicom/source.ts";
import type { Pacs } from "../dicomweb/pacs.ts";
import { PacsStudySource } from "../dicomweb/pacs-source.ts";
import { buildStructuredReport } from "../reports/structured-report.ts";
import { type StudyAnalysis, wasAnalysed } from "../scoring/analysis.ts";
import { addDelivery, dropPendingDeliveries, listObjects, markMissing } from "../store/deliveries.ts";
import { saveHeatMap } from "../store/heat-maps.ts";
import { findResult, type StoredResult, saveResult } from "../store/results.ts";
import { enterState, setProgress, showResult } from "../store/studies.ts";
import type { StudyRow } from "../store/study-row.ts";
import { settleNews } from "../store/work.ts";
import type { WorkerContext } from "./context.ts";
import { throttled } from "./throttled.ts";

const PROGRESS_INTERVAL_MS = 250;

/** What the PACS holds of a study, told apart by who made it. */
interface Holdings {
  images: InstanceHeader[];
  /** Our own objects, newest result first. */
  own: ObjectReference[];
  fingerprint: string;
}

/**
 * Scores the study unless the present result was made of the same images by the same model, and puts the report up
 * for delivery. Our own reports in the study change nothing.
 */
export async function scoreIfChanged(
  context: WorkerContext,
  study: StudyRow,
  pacs: Pacs,
  signal: AbortSignal,
): Promise<void> {
  const { db } = context.database;
  const { engine } = context;
  const uid = study.studyInstanceUid;
  const source = new PacsStudySource(pacs, uid);
  const holdings = divide(await source.listInstances(signal), await listObjects(db, uid));
  const current = await findResult(db, study.resultId);
  const sameModel = current !== undefined && isSameModel(current.model, engine.model);
  if (sameModel && !study.forced && study.fingerprint === holdings.fingerprint) {
    return keepResult(context, study, current, holdings);
  }
  await enterState(db, uid, "scoring", `${holdings.images.length} instances`);
  const scored = await engine.analyse(source, {
    signal,
    onProgress: throttled(PROGRESS_INTERVAL_MS, (done: number, total: number) => {
      setProgress(db, uid, done, total).catch((error) => context.logger.warn({ err: error }, "progress not kept"));
    }),
  });
  if (sameModel && !study.forced && current.contentHash === scored.contentHash) {
    return keepResult(context, study, current, holdings);
  }
  await keepScored(context, study, scored, holdings);
}

function divide(headers: InstanceHeader[], objects: ObjectReference[]): Holdings {
  const present = new Set(headers.map((header) => header.sopInstanceUid));
  const ownUids = new Set(objects.map((object) => object.sopInstanceUid));
  const images = headers.filter((header) => !ownUids.has(header.sopInstanceUid));
  const own = objects.filter((object) => present.has(object.sopInstanceUid));
  // Only CT images can be chosen; reports of other systems need not make us score again.
  const ct = images.filter((header) => header.modality === "CT");
  const uids = (ct.length > 0 ? ct : images).map((header) => header.sopInstanceUid).sort();
  return { images, own, fingerprint: createHash("sha256").update(uids.join("\n")).digest("hex") };
}

function isSameModel(a: ModelRef, b: ModelRef): boolean {
  return a.name === b.name && a.version === b.version;
}

async function keepScored(
  { database, engine, logger }: WorkerContext,
  study: StudyRow,
  scored: StudyAnalysis,
  { images, own, fingerprint }: Holdings,
): Promise<void> {
  const uid = study.studyInstanceUid;
  const { result } = scored;
  const startedAt = performance.now();
  const report = wasAnalysed(scored) ? buildStructuredReport(scored, { predecessor: own[0] }) : null;
  result.timings.reportMs = performance.now() - startedAt;
  result.timings.totalMs += result.timings.reportMs;
  await database.db.transaction().execute(async (transaction) => {
    const id = await saveResult(transaction, { contentHash: scored.contentHash, model: engine.model, result });
    if (wasAnalysed(scored) && scored.heatMap !== null) await saveHeatMap(transaction, id, scored.heatMap);
    await dropPendingDeliveries(transaction, uid, id);
    if (report !== null) await addDelivery(transaction, id, uid, report);
    await showResult(transaction, id, result, fingerprint, images.length);
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
    await showResult(transaction, current.id, current.result, fingerprint, images.length);
    if (missing || !["scored", "reported", "not-analysed"].includes(study.state)) {
      const state = current.result.reason === null ? "scored" : "not-analysed";
      await enterState(transaction, uid, state, missing ? "the PACS has lost the report" : "unchanged");
    }
    await settleNews(transaction, uid, study.news);
  });
}

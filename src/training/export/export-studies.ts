import { setTimeout as delay } from "node:timers/promises";
import { backoffMs } from "../../backoff.ts";
import { type ErrorCode, toVigilError, VigilError } from "../../errors.ts";
import type { SkipReason } from "./choose-images.ts";
import type { ExportEntry } from "./export-log.ts";
import type { ExportPacs, StudyToExport } from "./export-source.ts";
import { exportStudy, isKept, type StudyExportOptions } from "./export-study.ts";

export interface ExportOptions extends StudyExportOptions {
  pacs: ExportPacs;
  /** How long a PACS that does not answer is waited for. */
  waitMs: number;
  signal: AbortSignal;
  onProgress(done: number, total: number): void;
  /** Is told of what a person at the terminal should know. */
  say(message: string): void;
}

export interface SkippedStudy extends SkipReason {
  studyInstanceUid: string;
}

/** Enough that the PACS has images to send while the next study is looked at. */
const STUDIES_AT_ONCE = 2;
const TRIES = 3;
const PAUSE = { firstMs: 500, maxMs: 30_000 };
/** Errors after which no other study would do better. */
const FATAL: ErrorCode[] = ["dataset-not-written", "pacs-unauthorized", "setup-failed", "internal"];

/**
 * Exports studies one by one, two at the same time. What has been exported already, or skipped for a reason that stays, is
 * passed over without asking for it, unless the PACS counts other images now.
 * @returns the studies that are not in the data set
 * @throws VigilError that of the PACS when it was waited for in vain; dataset-not-written; interrupted. What is done stays.
 */
export async function exportStudies(studies: StudyToExport[], options: ExportOptions): Promise<SkippedStudy[]> {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, options.signal]);
  const skipped: SkippedStudy[] = [];
  const waiting = studies.values();
  let done = 0;
  const work = async () => {
    for (const study of waiting) {
      const reason = await exportOne(study, { ...options, signal });
      if (reason !== null) skipped.push({ studyInstanceUid: study.studyInstanceUid, ...reason });
      options.onProgress(++done, studies.length);
    }
  };
  const workers = Array.from({ length: STUDIES_AT_ONCE }, () =>
    work().catch((error) => {
      stop.abort();
      throw error;
    }),
  );
  const failed = (await Promise.allSettled(workers)).flatMap((it) => (it.status === "rejected" ? [it.reason] : []));
  if (options.signal.aborted) throw new VigilError("interrupted", "the export was interrupted");
  // Those that were stopped because of it say no more than that.
  const [cause] = failed.toSorted((a, b) => Number(isInterruption(a)) - Number(isInterruption(b)));
  if (cause !== undefined) throw cause;
  return skipped.sort((a, b) => (a.studyInstanceUid < b.studyInstanceUid ? -1 : 1));
}

function isInterruption(error: unknown): boolean {
  return error instanceof Error && (error.name === "AbortError" || toVigilError(error).code === "interrupted");
}

async function exportOne(study: StudyToExport, options: ExportOptions): Promise<SkipReason | null> {
  const { studyInstanceUid, instances } = study;
  const known = options.log.get(options.pseudonyms?.uid(studyInstanceUid) ?? studyInstanceUid);
  if (known !== undefined && instances !== null && known.inPacs === instances && isKept(known, options.writer)) {
    return known.skipped;
  }
  const found = await withPatience(studyInstanceUid, options);
  return "skipped" in found ? found.skipped : found;
}

/** Tries a study again as long as the PACS is away, and three times where the trouble is with this study. */
async function withPatience(studyInstanceUid: string, options: ExportOptions): Promise<ExportEntry | SkipReason> {
  const { pacs, signal, say } = options;
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      return await exportStudy(pacs.openStudy(studyInstanceUid), options, signal);
    } catch (thrown) {
      const error = toVigilError(thrown);
      if (signal.aborted || FATAL.includes(error.code)) throw error;
      if (error.kind === "permanent" || attempt === TRIES) {
        say(`study ${studyInstanceUid} is left out: ${error.message} [${error.code}]`);
        return { reason: error.code, message: error.message };
      }
      await pacsAnswers(error, attempt, options);
    }
  }
}

/** @throws VigilError the error when the PACS has not answered within the time that it is waited for */
async function pacsAnswers(error: VigilError, attempt: number, options: ExportOptions): Promise<void> {
  const { pacs, waitMs, signal, say } = options;
  const giveUpAt = performance.now() + waitMs;
  for (let tries = attempt; ; tries++) {
    await delay(Math.min(backoffMs(tries, PAUSE), waitMs), undefined, { signal });
    try {
      await pacs.ping(signal);
      return;
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      if (performance.now() >= giveUpAt) {
        const seconds = Math.round(waitMs / 1000);
        const message = `${error.message} It was waited for ${seconds} s in vain. What is exported stays: give the same command again`;
        throw new VigilError(error.code, message, { cause: thrown });
      }
      if (tries === attempt) say(`the PACS does not answer: ${toVigilError(thrown).message} Waiting for it`);
    }
  }
}

import path from "node:path";
import { type Config, loadConfig, type PacsConfig } from "../config.ts";
import { InstanceReader } from "../dicom/instance-reader.ts";
import { LoadLimit } from "../dicomweb/load-limit.ts";
import { Pacs } from "../dicomweb/pacs.ts";
import { PacsStudySource } from "../dicomweb/pacs-source.ts";
import { VigilError } from "../errors.ts";
import { holdLock, socketOutside } from "../process-lock.ts";
import { DatasetWriter } from "../training/dataset/dataset-writer.ts";
import { deidentificationBy, writeAudit } from "../training/export/audit.ts";
import type { SeriesChoice } from "../training/export/choose-images.ts";
import { Pseudonyms } from "../training/export/deidentify/pseudonyms.ts";
import type { ExportedImage, PixelForm } from "../training/export/export-image.ts";
import { ExportLog } from "../training/export/export-log.ts";
import type { StudyToExport } from "../training/export/export-source.ts";
import { exportStudies, type SkippedStudy } from "../training/export/export-studies.ts";
import type { ExportWorkerData } from "../training/export/export-worker.ts";
import { keyOfFile } from "../training/export/key-file.ts";
import { sweepImages } from "../training/export/sweep.ts";
import { tell } from "./dataset/told.ts";
import { type SelectOptions, selectStudies } from "./export/select-studies.ts";
import { colour, printJson, printLine } from "./print.ts";
import { progressBar } from "./progress.ts";

export interface ExportCommandOptions extends SelectOptions {
  out: string;
  series: SeriesChoice;
  transferSyntax: PixelForm;
  deidentify?: boolean;
  key?: string;
  requests?: number;
  /** MiB/s */
  rate?: number;
  /** seconds */
  wait: number;
}

const BYTES_PER_MIB = 1024 ** 2;

/** `vigil export`: studies of the PACS as a data set. The same command again goes on, and fetches what is new. */
export async function exportCommand(options: ExportCommandOptions): Promise<void> {
  const config = loadConfig(options);
  const pacsConfig = pacsOf(config, options.requests);
  const limit = new LoadLimit({
    mostAtOnce: pacsConfig.parallelRetrievals,
    bytesPerSecond: options.rate === undefined ? undefined : options.rate * BYTES_PER_MIB,
  });
  const pacs = new Pacs(pacsConfig, limit);
  const unlock = await holdLock(socketOutside(options.out), {
    code: "usage-invalid",
    message: `another export writes to ${options.out}: wait for it, or choose another folder`,
  });
  const signal = interruption();
  const startedAt = performance.now();
  try {
    const studies = await selectStudies(options, pacs, signal, tell);
    if (studies.length === 0) throw new VigilError("not-found", "no study of the PACS is meant by that");
    const result = await writeDataset(studies, pacs, config, options, signal);
    const seconds = (performance.now() - startedAt) / 1000;
    const load = { ...limit.measured, seconds: Number(seconds.toFixed(1)) };
    if (options.json) printJson({ out: options.out, ...result, load });
    else printSummary(options.out, result, load);
  } finally {
    await unlock();
  }
}

function pacsOf({ pacs: [pacs] }: Config, requests: number | undefined): PacsConfig {
  if (pacs === undefined)
    throw new VigilError("config-invalid", "no PACS is set: give --pacs URL, VIGIL_PACS, or `pacs:` in vigil.yaml");
  return { ...pacs, parallelRetrievals: requests ?? pacs.parallelRetrievals };
}

/** The first Ctrl-C ends after the files that are being written, the second at once. */
function interruption(): AbortSignal {
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interrupted.abort());
  return interrupted.signal;
}

interface ExportResult {
  studies: number;
  series: number;
  instances: number;
  skipped: SkippedStudy[];
  audit: string | null;
}

async function writeDataset(
  studies: StudyToExport[],
  pacs: Pacs,
  { selection }: Config,
  options: ExportCommandOptions,
  signal: AbortSignal,
): Promise<ExportResult> {
  const { out, series, transferSyntax: form } = options;
  const key = await keyOf(options);
  const pseudonyms = key === null ? null : Pseudonyms.ofKeyText(key.text, key.file);
  const writer = await DatasetWriter.begin(out, {
    name: path.basename(path.resolve(out)),
    role: "researcher",
    source: {
      kind: "pacs",
      form: `${series} series, ${form}`,
      ...(pseudonyms === null && { pacs: pacs.name }),
      filters: filtersOf(options),
    },
    deidentification: pseudonyms === null ? null : deidentificationBy(pseudonyms),
  });
  const log = await ExportLog.open(out);
  const reader = await InstanceReader.startFor<ExportedImage>({
    script: new URL("../training/export/export-worker.ts", import.meta.url),
    workerData: { form, key: key?.text ?? null } satisfies ExportWorkerData,
  });
  const progress = progressBar("exporting studies:");
  try {
    const skipped = await exportStudies(studies, {
      ...{ writer, log, reader, pseudonyms, series, selection, signal, say: tell },
      pacs: {
        openStudy: (studyInstanceUid) => new PacsStudySource(pacs, studyInstanceUid),
        ping: (pingSignal) => pacs.ping(pingSignal),
      },
      waitMs: options.wait * 1000,
      onProgress: progress.update,
    });
    await log.finish();
    const audit = pseudonyms === null ? null : await writeAudit(out, log, pseudonyms);
    const { counts } = await writer.finish();
    await sweepImages(out);
    return { studies: counts.studies, series: counts.series, instances: counts.instances, skipped, audit };
  } finally {
    progress.done();
    await reader.stop();
  }
}

async function keyOf({ deidentify, key, out }: ExportCommandOptions): Promise<{ file: string; text: string } | null> {
  if (!deidentify) {
    if (key !== undefined) throw new VigilError("usage-invalid", "--key belongs to --deidentify");
    return null;
  }
  const file = key ?? `${path.resolve(out)}.key`;
  const { text, isNew } = await keyOfFile(file, out);
  if (isNew) tell(`the key by which names are mapped is new: ${file}. Keep it, and keep it from who gets the images`);
  return { file, text };
}

/** By which filters, in the words of the command; their values may name people, and days of theirs. */
function filtersOf({ study, studies, flag, feedback, deidentify, ...search }: ExportCommandOptions) {
  const list = study === undefined && studies === undefined ? undefined : "a list of studies";
  const { query, since, until } = search;
  if (!deidentify) return { list, flag, feedback, query, since, until };
  const dates = since === undefined && until === undefined ? undefined : "Study Date";
  return { list, flag, feedback, query: query?.map((pair) => pair.split("=")[0]), dates };
}

function printSummary(out: string, result: ExportResult, load: LoadLimit["measured"] & { seconds: number }): void {
  const { studies, series, instances, skipped } = result;
  printLine(`${colour("bold", out)}  ${studies} studies, ${series} series, ${instances} images`);
  const mib = load.bytes / BYTES_PER_MIB;
  const rate = `${mib.toFixed(1)} MiB in ${load.seconds} s, at most ${load.mostInFlight} requests at a time`;
  printLine(colour("grey", `  ${rate}`));
  for (const { studyInstanceUid, reason, message } of skipped)
    printLine(`  ${colour("yellow", "!")} not in it: ${studyInstanceUid}: ${message} [${reason}]`);
}

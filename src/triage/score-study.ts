import { createHash } from "node:crypto";
import type { Scorer, ScoringOptions } from "../ai/scorer.ts";
import type { SelectionSettings } from "../dicom/selection-rules.ts";
import { type Selection, selectSeries } from "../dicom/series-selection.ts";
import { type CtSlice, readSlice } from "../dicom/slice.ts";
import type { InstanceHeader, StudySource } from "../dicom/source.ts";
import { buildVolume, type CtVolume } from "../dicom/volume.ts";
import { type ErrorCode, toVigilError, VigilError } from "../errors.ts";
import { emptyTimings, type NotAnalysedReason, type StudyResult, type Timings } from "../result.ts";
import type { ScoredStudy } from "./scored-study.ts";

export interface ScoreStudyOptions extends ScoringOptions {
  selection: SelectionSettings;
}

/** Errors of the chosen series that another try would only repeat. */
const REASONS: Partial<Record<ErrorCode, NotAnalysedReason>> = {
  "series-unusable": "geometry-unusable",
  "pixels-unsupported": "pixels-unsupported",
  "dicom-unreadable": "pixels-unsupported",
};

/**
 * Reads one study: chooses the series, fetches and decodes it as it arrives, and scores it. That nothing can be
 * read is a result too; errors are for what may go better another time.
 * @throws VigilError of the source (pacs-…), study-not-in-pacs, study-incomplete, inference-failed, interrupted
 */
export async function scoreStudy(
  source: StudySource,
  scorer: Scorer,
  { selection: settings, onProgress, signal }: ScoreStudyOptions,
): Promise<ScoredStudy> {
  const startedAt = performance.now();
  const timings = emptyTimings();
  const headers = await source.listInstances(signal);
  if (headers.length === 0) throw new VigilError("study-not-in-pacs", `study ${source.studyInstanceUid} has no images`);
  timings.retrieveMs = performance.now() - startedAt;
  const selection = selectSeries(headers, settings);
  const study = unread(source, headers, selection, scorer, timings);
  if (selection.seriesInstanceUid === null) return study;

  const chosen = headers.filter((header) => header.seriesInstanceUid === selection.seriesInstanceUid);
  const fetched = await fetchVolume(source, chosen, settings, timings, signal).catch((error: unknown) => {
    const { code, message } = toVigilError(error);
    const reason = REASONS[code];
    if (reason === undefined) throw error;
    return { reason, warning: { code, message } };
  });
  const { result } = study;
  if ("reason" in fetched) {
    result.reason = fetched.reason;
    result.warnings.push(fetched.warning);
    return study;
  }
  const { volume, contentHash } = fetched;
  const { sopClassUid, frameOfReferenceUid, rows, columns } = volume;
  const scores = await scorer.scoreVolume(volume, { onProgress, signal });
  const { preprocessMs, inferenceMs } = scores;
  const scored: StudyResult = {
    ...result,
    state: "scored",
    reason: null,
    flag: scores.flag,
    probabilities: scores.probabilities.study,
    findings: scores.findings,
    slices: volume.slices.map(({ header, file, positionMm }, z) => ({
      sopInstanceUid: header.sopInstanceUid,
      file,
      positionMm,
      probabilities: scores.probabilities.slices[z]!,
    })),
    warnings: [...result.warnings, ...volume.warnings],
    provider: scorer.provider,
    timings: { ...timings, preprocessMs, inferenceMs, totalMs: performance.now() - startedAt },
  };
  const image = { sopClassUid, frameOfReferenceUid, rows, columns };
  return { ...study, result: scored, image, heatMap: scores.heatMap, contentHash };
}

/** Why which series would be read, without reading it. */
export async function explainStudy(source: StudySource, settings: SelectionSettings): Promise<Selection> {
  return selectSeries(await source.listInstances(), settings);
}

/** What can be said of a study before, or without, reading its pixels. */
function unread(
  source: StudySource,
  headers: InstanceHeader[],
  { seriesInstanceUid, reason, series }: Selection,
  scorer: Scorer,
  timings: Timings,
): ScoredStudy {
  const uids = headers.map((header) => header.sopInstanceUid).sort();
  const { name, version } = scorer.model.manifest;
  const ofChosen = headers.find((header) => header.seriesInstanceUid === seriesInstanceUid);
  return {
    result: {
      studyInstanceUid: source.studyInstanceUid,
      seriesInstanceUid,
      state: "not-analysed",
      reason,
      flag: "not-analysed",
      probabilities: null,
      findings: [],
      slices: [],
      series,
      warnings: [...(source.warnings ?? [])],
      model: { name, version },
      provider: null,
      timings: { ...timings, totalMs: timings.retrieveMs },
    },
    attributes: (ofChosen ?? headers[0]!).study,
    image: null,
    heatMap: null,
    contentHash: createHash("sha256").update(uids.join("\n")).digest("hex"),
  };
}

/**
 * Decodes each slice as it arrives, so that no more than one stored slice is held beside the volume.
 * @throws VigilError study-incomplete, and what reading and putting together the slices throws
 */
async function fetchVolume(
  source: StudySource,
  listed: InstanceHeader[],
  settings: SelectionSettings,
  timings: Timings,
  signal: AbortSignal | undefined,
): Promise<{ volume: CtVolume; contentHash: string }> {
  const startedAt = performance.now();
  const { seriesInstanceUid } = listed[0]!;
  const slices: CtSlice[] = [];
  for await (const instance of source.readSeries(seriesInstanceUid, signal)) {
    const arrivedAt = performance.now();
    slices.push(readSlice(instance));
    timings.decodeMs += performance.now() - arrivedAt;
  }
  timings.retrieveMs += performance.now() - startedAt - timings.decodeMs;
  // A gap that nobody notices could hide the bleed.
  if (slices.length < listed.length) {
    const message = `series ${seriesInstanceUid}: only ${slices.length} of ${listed.length} images arrived`;
    throw new VigilError("study-incomplete", message);
  }
  return { volume: buildVolume(slices, settings), contentHash: contentHashOf(slices) };
}

/** The same for the same images, whatever their order and transfer syntax. */
function contentHashOf(slices: CtSlice[]): string {
  const hash = createHash("sha256");
  const sorted = slices.toSorted((a, b) => (a.header.sopInstanceUid < b.header.sopInstanceUid ? -1 : 1));
  for (const { header, hu } of sorted) {
    hash.update(header.sopInstanceUid).update(new Uint8Array(hu.buffer, hu.byteOffset, hu.byteLength));
  }
  return hash.digest("hex");
}

import { createHash } from "node:crypto";
import type { ScoringOptions, VolumeScorer } from "../ai/volume-scorer.ts";
import type { NotAnalysedReason } from "../contract/study-state.ts";
import { emptyTimings, type Timings } from "../contract/timings.ts";
import { type Warning, warning } from "../contract/warning.ts";
import type { SelectionSettings } from "../dicom/selection/rules.ts";
import { type Selection, selectSeries } from "../dicom/selection/selection.ts";
import { type CtSlice, readSlice } from "../dicom/slice.ts";
import type { InstanceHeader, StudySource } from "../dicom/source.ts";
import { buildVolume, type CtVolume } from "../dicom/volume.ts";
import { type ErrorCode, toVigilError, VigilError } from "../errors.ts";
import type { StudyAnalysis } from "./analysis.ts";

export interface AnalysisOptions extends ScoringOptions {
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
export async function analyseStudy(
  source: StudySource,
  scorer: VolumeScorer,
  { selection: settings, onProgress, signal }: AnalysisOptions,
): Promise<StudyAnalysis> {
  const startedAt = performance.now();
  const timings = emptyTimings();
  const headers = await source.listInstances(signal);
  if (headers.length === 0) throw new VigilError("study-not-in-pacs", `study ${source.studyInstanceUid} has no images`);
  timings.retrieveMs = performance.now() - startedAt;
  const selection = selectSeries(headers, settings);
  const { series } = selection;
  const seriesInstanceUid = selection.acquisitions[0]?.parts[0]?.seriesInstanceUids[0] ?? null;
  const { name, version } = scorer.model.manifest;
  const found = {
    studyInstanceUid: source.studyInstanceUid,
    series,
    warnings: [...(source.warnings ?? []), ...selection.warnings],
    model: { name, version },
  };
  const attributes = (headers.find((header) => header.seriesInstanceUid === seriesInstanceUid) ?? headers[0]!).study;
  const notAnalysed = (reason: NotAnalysedReason, ...why: Warning[]): StudyAnalysis => ({
    result: {
      ...found,
      warnings: [...found.warnings, ...why],
      seriesInstanceUid,
      state: "not-analysed",
      reason,
      flag: "not-analysed",
      probabilities: null,
      findings: [],
      slices: [],
      provider: null,
      timings: { ...timings, totalMs: performance.now() - startedAt },
    },
    attributes,
    contentHash: hashOfInstances(headers),
  });
  if (seriesInstanceUid === null) return notAnalysed(selection.reason ?? "study-empty");

  const chosen = headers.filter((header) => header.seriesInstanceUid === seriesInstanceUid);
  const fetched = await fetchVolume(source, chosen, settings, timings, signal).catch((error: unknown) => {
    const { code, message } = toVigilError(error);
    const reason = REASONS[code];
    if (reason === undefined) throw error;
    return { reason, why: warning(code, message) };
  });
  if ("reason" in fetched) return notAnalysed(fetched.reason, fetched.why);
  const { volume, contentHash } = fetched;
  const { sopClassUid, rows, columns } = volume;
  const scores = await scorer.score(volume, { onProgress, signal });
  const { preprocessMs, inferenceMs } = scores;
  return {
    result: {
      ...found,
      seriesInstanceUid,
      state: "scored",
      reason: null,
      flag: scores.flag,
      probabilities: scores.probabilities.study,
      findings: scores.findings,
      slices: volume.slices.map(({ header, file, positionMm }, z) => ({
        seriesInstanceUid,
        sopInstanceUid: header.sopInstanceUid,
        frameNumber: header.frameNumber,
        file,
        positionMm,
        probabilities: scores.probabilities.slices[z]!,
      })),
      warnings: [...found.warnings, ...volume.warnings],
      provider: scorer.provider,
      timings: { ...timings, preprocessMs, inferenceMs, totalMs: performance.now() - startedAt },
    },
    attributes,
    images: { [seriesInstanceUid]: { sopClassUid, rows, columns } },
    heatMap: scores.heatMap,
    contentHash,
  };
}

/** Why which series would be read, without reading it. */
export async function explainStudy(source: StudySource, settings: SelectionSettings): Promise<Selection> {
  return selectSeries(await source.listInstances(), settings);
}

function hashOfInstances(headers: InstanceHeader[]): string {
  const uids = headers.map((header) => header.sopInstanceUid).sort();
  return createHash("sha256").update(uids.join("\n")).digest("hex");
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

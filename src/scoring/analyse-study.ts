import { createHash } from "node:crypto";
import type { ScoringOptions, VolumeScorer } from "../ai/volume-scorer.ts";
import type { NotAnalysed } from "../contract/result.ts";
import { isStandardUid } from "../contract/uid.ts";
import { type Warning, warning } from "../contract/warning.ts";
import type { SliceReader } from "../dicom/read-images.ts";
import type { SelectionSettings } from "../dicom/selection/rules.ts";
import { type Selection, selectSeries } from "../dicom/selection/selection.ts";
import type { InstanceHeader, StudySource } from "../dicom/source.ts";
import { SOP_CLASS } from "../dicom/uids.ts";
import { VigilError } from "../errors.ts";
import type { AnalysedStudy, NotAnalysedStudy, SourceImage, StudyAnalysis } from "./analysis.ts";
import { mergeVolumes, type ScoredVolume } from "./merge-volumes.ts";
import { limitedBy, volumeWarnings } from "./not-seen.ts";
import { type ReadHead, readHead, type UnreadHead } from "./read-head.ts";
import { StepTimer } from "./step-timer.ts";

export interface AnalysisOptions extends ScoringOptions {
  selection: SelectionSettings;
}

/** What reads and scores. */
export interface AnalysisTools {
  reader: SliceReader;
  scorer: VolumeScorer;
}

/**
 * Reads one study: chooses its heads, fetches and decodes them as they arrive, and scores each. That nothing can be
 * read is a result too; errors are for what may go better another time.
 * @throws VigilError of the source (pacs-…), study-not-in-pacs, study-incomplete, inference-failed, interrupted
 */
export async function analyseStudy(
  source: StudySource,
  { reader, scorer }: AnalysisTools,
  { selection: settings, onProgress, signal }: AnalysisOptions,
): Promise<StudyAnalysis> {
  const timer = new StepTimer();
  const headers = await timer.time("retrieveMs", () => source.listInstances(signal));
  if (headers.length === 0) throw new VigilError("study-not-in-pacs", `study ${source.studyInstanceUid} has no images`);
  const selection = selectSeries(headers, settings);
  const { manifest } = scorer.model;
  const read: ReadHead[] = [];
  const unread: UnreadHead[] = [];
  const options = { source, reader, slab: manifest.input.slab, minSlices: settings.minSlices, timer, signal };
  for (const acquisition of selection.acquisitions) {
    const head = await readHead(acquisition, headers, options);
    if ("volumes" in head) read.push(head);
    else unread.push(head);
  }
  const found = {
    studyInstanceUid: source.studyInstanceUid,
    series: decisions(selection, read),
    warnings: [
      ...(source.warnings ?? []),
      ...oddUids(headers),
      ...selection.warnings,
      ...unread.flatMap((head) => head.warnings),
    ],
    model: { name: manifest.name, version: manifest.version },
  };
  if (read.length === 0) {
    const reason = unread[0]?.reason ?? selection.reason ?? "study-empty";
    return notAnalysed(headers, { ...found, reason, seriesInstanceUid: unread[0]?.seriesInstanceUid ?? null }, timer);
  }

  const volumes: ScoredVolume[] = [];
  const total = read.flatMap((head) => head.volumes).reduce((sum, { volume }) => sum + volume.slices.length, 0);
  let done = 0;
  for (const one of read.flatMap((head) => head.volumes)) {
    const scores = await scorer.score(one.volume, { signal, onProgress: (now) => onProgress?.(done + now, total) });
    done += one.volume.slices.length;
    timer.add("preprocessMs", scores.preprocessMs);
    timer.add("inferenceMs", scores.inferenceMs);
    volumes.push({ ...one, scores });
  }
  const { heatMap, ...merged } = mergeVolumes(volumes);
  const warnings = [
    ...found.warnings,
    ...headsNotRead(unread.length),
    ...read.flatMap((head) => head.warnings),
    ...volumeWarnings(volumes.map(({ volume }) => volume)),
  ];
  return {
    result: {
      ...found,
      ...merged,
      ...limitedBy(warnings, merged),
      state: "scored",
      reason: null,
      warnings,
      provider: scorer.provider,
      timings: timer.timings,
    },
    attributes: attributesOf(headers, merged.seriesInstanceUid),
    images: imagesOf(volumes),
    heatMap,
    contentHash: sha256(read.flatMap((head) => head.fingerprints)),
  };
}

/** Why which series would be read, without reading them. */
export async function explainStudy(source: StudySource, settings: SelectionSettings): Promise<Selection> {
  const headers = await source.listInstances();
  const selection = selectSeries(headers, settings);
  return { ...selection, warnings: [...(source.warnings ?? []), ...oddUids(headers), ...selection.warnings] };
}

function notAnalysed(
  headers: InstanceHeader[],
  found: Pick<NotAnalysed, "studyInstanceUid" | "seriesInstanceUid" | "reason" | "series" | "warnings" | "model">,
  timer: StepTimer,
): NotAnalysedStudy {
  return {
    result: {
      ...found,
      state: "not-analysed",
      flag: "not-analysed",
      probabilities: null,
      findings: [],
      slices: [],
      provider: null,
      timings: timer.timings,
    },
    attributes: attributesOf(headers, found.seriesInstanceUid),
    contentHash: sha256(headers.map((header) => header.sopInstanceUid)),
  };
}

/** Chosen is what was read in the end, which may be the next best series. */
function decisions({ series }: Selection, read: ReadHead[]): Selection["series"] {
  if (read.length === 0) return series;
  const chosen = new Set(read.flatMap((head) => head.seriesInstanceUids));
  return series.map((one) => ({ ...one, chosen: chosen.has(one.seriesInstanceUid) }));
}

/** A head that could not be read limits what can be said of the study. */
function headsNotRead(count: number): Warning[] {
  if (count === 0) return [];
  const heads = count === 1 ? "1 head acquisition" : `${count} head acquisitions`;
  return [warning("head-not-read", `${heads} of this study could not be read.`, `${heads} not read`)];
}

/** UIDs that DICOM does not allow are read, quoted as they are, and named. */
function oddUids(headers: InstanceHeader[]): Warning[] {
  const odd = new Set(
    headers
      .flatMap(({ study, seriesInstanceUid, sopInstanceUid }) => [
        study.studyInstanceUid,
        seriesInstanceUid,
        sopInstanceUid,
      ])
      .filter((uid) => !isStandardUid(uid)),
  );
  if (odd.size === 0) return [];
  const named = [...odd].slice(0, 3).join(", ");
  const more = odd.size > 3 ? ` and ${odd.size - 3} more` : "";
  return [warning("uid-invalid", `UIDs that DICOM does not allow are used as they are: ${named}${more}.`)];
}

function attributesOf(headers: InstanceHeader[], seriesInstanceUid: string | null) {
  return (headers.find((header) => header.seriesInstanceUid === seriesInstanceUid) ?? headers[0]!).study;
}

function imagesOf(volumes: ScoredVolume[]): AnalysedStudy["images"] {
  const images: Record<string, SourceImage> = {};
  for (const { volume, members } of volumes) {
    for (const [z, { rows, columns }] of volume.slices.entries()) {
      for (const { header } of members[z]!) {
        // RSNA's files do not say of which class they are.
        images[header.sopInstanceUid] = { sopClassUid: header.sopClassUid || SOP_CLASS.ctImage, rows, columns };
      }
    }
  }
  return images;
}

function sha256(lines: string[]): string {
  return createHash("sha256").update(lines.toSorted().join("\n")).digest("hex");
}

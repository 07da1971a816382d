import type { NotAnalysedReason } from "../contract/study-state.ts";
import { type Warning, warning } from "../contract/warning.ts";
import { checkHu } from "../dicom/hu-plausibility.ts";
import type { ImageFailure } from "../dicom/read-images.ts";
import { readVolumes, type VolumeOptions } from "../dicom/read-volumes.ts";
import type { HeadAcquisition } from "../dicom/selection/selection.ts";
import type { ReadVolume, SliceMember } from "../dicom/slab-stack.ts";
import type { InstanceHeader } from "../dicom/source.ts";
import { withCoverage } from "../dicom/volume.ts";
import { type ErrorCode, toVigilError, type VigilError } from "../errors.ts";

/** One head acquisition with its pixels. */
export interface ReadHead {
  /** The series that were read. */
  seriesInstanceUids: string[];
  /** Each with warnings of its own. */
  volumes: ReadVolume[];
  warnings: Warning[];
  fingerprints: string[];
}

/** A head acquisition in which nothing could be read. */
export interface UnreadHead {
  /** The series that would have been read. */
  seriesInstanceUid: string;
  reason: NotAnalysedReason;
  warnings: Warning[];
}

/** Errors of a series that another try would only repeat. */
const REASONS: Partial<Record<ErrorCode, NotAnalysedReason>> = {
  "series-unusable": "geometry-unusable",
  "pixels-unsupported": "pixels-unsupported",
  "dicom-unreadable": "pixels-unsupported",
  "values-not-hu": "values-not-hu",
};

/** Ways to read a head of several parts are tried up to this number. */
const MOST_CHOICES = 12;

/**
 * Reads a head: the best series of each of its parts, and the next best where that one cannot be read whole. Where
 * none can, the first is read of which most can, and what is missing is said.
 * @throws VigilError of the source (pacs-…), study-incomplete, interrupted
 */
export async function readHead(
  { parts }: HeadAcquisition,
  headers: InstanceHeader[],
  options: VolumeOptions,
): Promise<ReadHead | UnreadHead> {
  const choices = waysToRead(parts.map(({ seriesInstanceUids }) => seriesInstanceUids));
  const refusals = new Map<string, VigilError>();
  for (const tolerant of [false, true]) {
    for (const choice of choices) {
      try {
        const read = await readSeries(choice, headers, tolerant, options);
        const warnings = [...refusalWarnings(refusals, choice), ...partsLeftOut(choice, parts), ...read.warnings];
        return { ...read, seriesInstanceUids: choice, warnings };
      } catch (thrown) {
        const error = toVigilError(thrown);
        if (REASONS[error.code] === undefined) throw error;
        refusals.set(choice.join(", "), error);
      }
    }
  }
  const [first] = choices as [string[]];
  const reason = REASONS[refusals.get(first.join(", "))!.code]!;
  return { seriesInstanceUid: first[0]!, reason, warnings: refusalWarnings(refusals) };
}

/** Each part in its best series, then in the next best ones; at last single parts, which are better than nothing. */
function waysToRead(parts: string[][]): string[][] {
  const whole = parts.reduce<string[][]>(
    (ways, alternatives) => alternatives.flatMap((series) => ways.map((way) => [...way, series])),
    [[]],
  );
  const single = parts.length > 1 ? parts.flatMap((alternatives) => alternatives.map((series) => [series])) : [];
  return [...whole.slice(0, MOST_CHOICES), ...single.slice(0, MOST_CHOICES)];
}

async function readSeries(choice: string[], headers: InstanceHeader[], tolerant: boolean, options: VolumeOptions) {
  const images = headers.filter((header) => choice.includes(header.seriesInstanceUid));
  const { volumes: read, failures, fingerprints } = await readVolumes(images, tolerant, options);
  const volumes = read.map((one) => ({ ...one, volume: withCoverage(one.volume, options) }));
  const warnings = [
    ...failureWarnings(failures),
    ...heads(volumes).flatMap((members) => checkHu(members.map(({ histogram }) => histogram))),
  ];
  return { volumes, fingerprints, warnings };
}

/** The images of each volume with those of its repeats, which may be too few to be judged alone. */
function heads(volumes: ReadVolume[]): SliceMember[][] {
  const heads: SliceMember[][] = [];
  for (const { volume, members } of volumes) {
    if (volume.isRepeat) heads.at(-1)?.push(...members.flat());
    else heads.push(members.flat());
  }
  return heads;
}

/** What the series that were tried first had against being read. */
function refusalWarnings(refusals: Map<string, VigilError>, readInTheEnd: string[] = []): Warning[] {
  return [...refusals]
    .filter(([series]) => series !== readInTheEnd.join(", "))
    .map(([series, { code, message }]) => warning(code, `Series ${series} cannot be read whole: ${message}`));
}

function partsLeftOut(choice: string[], parts: HeadAcquisition["parts"]): Warning[] {
  const missing = parts.length - choice.length;
  if (missing === 0) return [];
  return [
    warning(
      "part-not-read",
      `${missing} of ${parts.length} parts of the head could not be read.`,
      "part of the head not read",
    ),
  ];
}

function failureWarnings(failures: ImageFailure[]): Warning[] {
  const [first] = failures;
  if (first === undefined) return [];
  const count = failures.length === 1 ? "1 slice" : `${failures.length} slices`;
  return [warning(first.error.code, `${count} could not be read: ${first.error.message}`, `${count} not read`)];
}

import { createHash } from "node:crypto";
import type { InstanceReader } from "../../dicom/instance-reader.ts";
import type { SelectionSettings } from "../../dicom/selection/rules.ts";
import type { InstanceHeader, InstanceName } from "../../dicom/source.ts";
import { VigilError } from "../../errors.ts";
import type { DatasetWriter } from "../dataset/dataset-writer.ts";
import type { InstanceRecord } from "../dataset/instance-record.ts";
import { pathIn } from "../dataset/layout.ts";
import { writeWhole } from "../dataset/whole-file.ts";
import { type Alternatives, chooseSeries, objectsOf, type SeriesChoice, type SkipReason } from "./choose-images.ts";
import { ActionCounts } from "./deidentify/actions.ts";
import type { Pseudonyms } from "./deidentify/pseudonyms.ts";
import type { ExportedImage } from "./export-image.ts";
import type { ExportEntry, ExportLog } from "./export-log.ts";
import type { ExportSource } from "./export-source.ts";

export interface StudyExportOptions {
  writer: DatasetWriter;
  log: ExportLog;
  reader: InstanceReader<ExportedImage>;
  /** null: names stay. */
  pseudonyms: Pseudonyms | null;
  series: SeriesChoice;
  selection: SelectionSettings;
}

/** Where more than this share of a series cannot be decoded it is left out, as in triage. */
const MAX_PROBLEM_SHARE = 0.25;
/** Images that are decoded and written at the same time. */
const MOST_UNDER_WAY = 4;

/**
 * Puts one study into the data set, or says why not. It is in there whole or not at all.
 * @returns what became of it
 * @throws VigilError of the source (pacs-…); study-incomplete when the PACS contradicts itself about its images;
 *   dicom-unreadable, dataset-not-written, interrupted
 */
export async function exportStudy(
  source: ExportSource,
  options: StudyExportOptions,
  signal: AbortSignal,
): Promise<ExportEntry> {
  const { writer, log, pseudonyms } = options;
  const headers = await source.listInstances(signal);
  mustAgree(source, headers);
  const name = (uid: string) => pseudonyms?.uid(uid) ?? uid;
  const study = name(source.studyInstanceUid);
  const uids = [...new Set(headers.map(({ sopInstanceUid }) => name(sopInstanceUid)))].sort();
  const fingerprint = createHash("sha256").update(uids.join("\n")).digest("hex");
  const known = log.get(study);
  if (known?.fingerprint === fingerprint && isKept(known, writer)) return known;

  const found = { study, inPacs: source.instanceCount, fingerprint, excluded: {}, actions: [] };
  const dropEarlier = async (patient: string | null) => {
    const earlier = known?.patient ?? null;
    if (earlier !== null && earlier !== patient) await writer.dropStudy(earlier, study);
  };
  const skip = async (skipped: SkipReason, excluded: ExportEntry["excluded"] = {}) => {
    const entry = { ...found, patient: null, skipped, excluded };
    await dropEarlier(null);
    await log.add(entry);
    return entry;
  };
  const choice = chooseSeries(headers, options.series, options.selection);
  if ("reason" in choice) return skip(choice);
  const read: ReadSeries[] = [];
  let unread: SkipReason | undefined;
  for (const alternatives of choice) {
    const series = await readBest(source, headers, alternatives, options, signal);
    if ("reason" in series) unread ??= series;
    else read.push(series);
  }
  const all = sumUp(read);
  if (all.records.length === 0) return skip(unread ?? EXCLUDED, all.excluded);
  const { patient } = all.records[0]!;
  if (all.records.some((record) => record.patient !== patient)) return skip(MIXED);
  const entry = { ...found, patient, skipped: null, excluded: all.excluded, actions: all.actions.rows() };
  await dropEarlier(patient);
  await writer.addStudy(all.records);
  // At last: what the log does not know is fetched again.
  await log.add(entry);
  return entry;
}

const EXCLUDED = { reason: "excluded", message: "no image of it can be de-identified safely" };
const MIXED = { reason: "patients-mixed", message: "it has images of several patients" };

/** Whether what the log says is still so: a study that was skipped, or is in the data set. */
export function isKept({ patient, study, skipped }: ExportEntry, writer: DatasetWriter): boolean {
  return skipped !== null || (patient !== null && writer.has(patient, study));
}

/** Fail closed: a study of which the PACS does not tell the same twice is still arriving, or leaving. */
function mustAgree({ studyInstanceUid, instanceCount, warnings = [] }: ExportSource, headers: InstanceHeader[]): void {
  const refuse = (what: string) => new VigilError("study-incomplete", `study ${studyInstanceUid}: ${what}`);
  const listed = new Set(headers.map(({ sopInstanceUid }) => sopInstanceUid)).size;
  if (listed === 0) throw new VigilError("study-not-in-pacs", `study ${studyInstanceUid} has no images`);
  const unreadable = warnings.find(({ code }) => code === "metadata-unreadable");
  if (unreadable !== undefined) throw refuse(unreadable.message);
  if (instanceCount !== null && instanceCount !== listed)
    throw refuse(`it has ${instanceCount} instances by QIDO-RS, and the metadata of ${listed}`);
}

interface ReadSeries {
  records: InstanceRecord[];
  excluded: Record<string, number>;
  actions: ActionCounts;
}

/** The first series that can be decoded whole, else the first of which most can; their images are in place then. */
async function readBest(
  source: ExportSource,
  headers: InstanceHeader[],
  alternatives: Alternatives,
  options: StudyExportOptions,
  signal: AbortSignal,
): Promise<ReadSeries | SkipReason> {
  let best: ReadSeries | undefined;
  let refusal: SkipReason | undefined;
  for (const uid of alternatives) {
    const series = await readSeries(source, objectsOf(headers, uid), options, signal);
    const bad = series.records.flatMap(({ problem }) => problem ?? []);
    if (bad.length === 0) return series;
    const share = bad.length / series.records.length;
    const tolerable = options.series === "all" ? share < 1 : share <= MAX_PROBLEM_SHARE;
    if (tolerable) best ??= series;
    const message = `${bad.length} of ${series.records.length} images of a series cannot be decoded`;
    refusal ??= { reason: bad[0]!.code, message };
  }
  return best ?? refusal!;
}

async function readSeries(
  source: ExportSource,
  objects: InstanceHeader[],
  { reader, writer }: StudyExportOptions,
  signal: AbortSignal,
): Promise<ReadSeries> {
  const read: ReadSeries = { records: [], excluded: {}, actions: new ActionCounts() };
  const asked = new Map<string, InstanceName>(objects.map((object) => [object.sopInstanceUid, object]));
  const take = async (sopInstanceUid: string, bytes: Uint8Array) => {
    const image = await reader.read({ bytes, file: null }, signal);
    mustBeThat(image, asked.get(sopInstanceUid), source.studyInstanceUid);
    asked.delete(sopInstanceUid);
    if ("excluded" in image) {
      addCounts(read.excluded, { [image.excluded]: 1 });
      return;
    }
    await writeWhole(pathIn(writer.dir, image.records[0]!.file), image.bytes);
    read.records.push(...image.records);
    read.actions.add(image.actions);
  };
  await severalAtOnce(source.readInstances(objects, signal), ({ sopInstanceUid, bytes }) =>
    take(sopInstanceUid, bytes),
  );
  if (asked.size === 0) return read;
  const message = `study ${source.studyInstanceUid}: ${asked.size} of ${objects.length} images did not arrive`;
  throw new VigilError("study-incomplete", message);
}

/** The object itself says which one it is, whatever the PACS says of it. */
function mustBeThat({ original }: ExportedImage, asked: InstanceName | undefined, studyInstanceUid: string): void {
  const agrees =
    original.studyInstanceUid === studyInstanceUid &&
    original.seriesInstanceUid === asked?.seriesInstanceUid &&
    original.sopInstanceUid === asked.sopInstanceUid;
  if (agrees) return;
  const message = `study ${studyInstanceUid}: the PACS lists an image elsewhere than the image itself says`;
  throw new VigilError("study-incomplete", message);
}

/** Ends when all have ended, with the first error where there is one. */
async function severalAtOnce<T>(items: AsyncIterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  for await (const item of items) {
    const working = work(item)
      .catch((error) => void failures.push(error))
      .finally(() => underWay.delete(working));
    underWay.add(working);
    if (underWay.size >= MOST_UNDER_WAY) await Promise.race(underWay);
    if (failures.length > 0) break;
  }
  await Promise.all(underWay);
  if (failures.length > 0) throw failures[0];
}

function sumUp(read: ReadSeries[]): ReadSeries {
  const all: ReadSeries = { records: [], excluded: {}, actions: new ActionCounts() };
  for (const { records, excluded, actions } of read) {
    all.records.push(...records);
    addCounts(all.excluded, excluded);
    all.actions.addRows(actions.rows());
  }
  return all;
}

export function addCounts(sum: Record<string, number>, counts: Record<string, number>): void {
  for (const [key, count] of Object.entries(counts)) sum[key] = (sum[key] ?? 0) + count;
}

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { readSlices } from "../../dicom/slice.ts";
import { toVigilError } from "../../errors.ts";
import { Dataset } from "../dataset/dataset.ts";
import { DatasetWriter } from "../dataset/dataset-writer.ts";
import type { InstanceRecord } from "../dataset/instance-record.ts";
import type { LabelRow } from "../dataset/label-row.ts";
import { dicomFile, pathIn } from "../dataset/layout.ts";
import { recordsOfObject } from "../dataset/records-of-object.ts";
import { labelsBeside, writeLabels } from "../dataset/relabel.ts";
import { writeWhole } from "../dataset/whole-file.ts";
import { atOnce } from "./at-once.ts";
import { MaskFolder } from "./mask-folder.ts";
import { PictureRefused, readPicture } from "./picture.ts";
import { type PictureRow, readPictureTable } from "./picture-table.ts";
import type { ProblemTally } from "./problems.ts";
import { type PictureContext, pictureUids, wrapPicture } from "./wrap-picture.ts";

export interface PictureImport {
  /** The table of the pictures, and the folder that its paths start from. */
  table: string;
  dir: string;
  out: string;
  /** Makes the UIDs, so that the same collection gives the same data set. */
  collection: string;
  window: { centerHu: number; widthHu: number };
  masksDir: string | null;
  thicknessMm: number | null;
  spacingMm: number | null;
  tally: ProblemTally;
  onProgress?(done: number, total: number): void;
}

export interface PictureCounts {
  rows: number;
  images: number;
  patients: number;
  masks: number;
  /** Already there from an earlier run. */
  kept: number;
}

const ASSUMED_DISTANCE_MM = 5;
const FILES_AT_ONCE = 4;

/**
 * Makes a data set of pictures that were exported in one window. An import that was interrupted goes on.
 * @throws VigilError table-invalid, not-found, usage-invalid, dataset-not-written
 */
export async function importPictures(job: PictureImport): Promise<PictureCounts> {
  const { out, tally, thicknessMm, window } = job;
  const studies = await readPictureTable(job.table, tally);
  const rows = studies.flat();
  const masks = job.masksDir === null ? null : await MaskFolder.open(job.masksDir);
  if (thicknessMm === null && rows.some(({ zMm }) => zMm === null)) tally.add("thickness-assumed", job.table);
  const writer = await DatasetWriter.begin(out, {
    name: job.collection,
    role: "researcher",
    source: { kind: "images", labels: path.basename(job.table), window, thicknessMm, spacingMm: job.spacingMm },
    deidentification: null,
  });
  const contextOf = (row: PictureRow): PictureContext => ({
    ...job,
    ...row,
    instanceNumber: Math.round(row.slice),
    zMm: row.zMm ?? row.slice * (thicknessMm ?? ASSUMED_DISTANCE_MM),
  });
  const counts = { rows: rows.length, images: 0, patients: 0, masks: 0, kept: 0 };
  let done = 0;
  for (const study of studies) {
    const placed = study.map((row) => ({ row, context: contextOf(row) }));
    // Masks may have come since.
    if (masks === null && isInPlace(placed, writer)) counts.kept += study.length;
    else await addStudy(placed, writer, job, masks);
    done += study.length;
    job.onProgress?.(done, rows.length);
  }
  masks?.tellUnused(tally);
  const byName = new Map(rows.map((row) => [pictureUids(contextOf(row)).sop, row]));
  const sealed = await writer.finish(() => writeLabels(out, labelRows(job, byName, counts)));
  counts.patients = sealed.counts.patients;
  return counts;
}

interface Placed {
  row: PictureRow;
  context: PictureContext;
}

function targetOf({ context }: Placed): string {
  const { study, series, sop } = pictureUids(context);
  return dicomFile(context.patient, study, series, sop);
}

/** Whether the study is there with all its pictures: what was refused or missing before is looked at again. */
function isInPlace(placed: Placed[], writer: DatasetWriter): boolean {
  const { context } = placed[0]!;
  if (!writer.has(context.patient, pictureUids(context).study)) return false;
  return placed.every((one) => existsSync(pathIn(writer.dir, targetOf(one))));
}

async function addStudy(
  placed: Placed[],
  writer: DatasetWriter,
  { dir, tally }: PictureImport,
  masks: MaskFolder | null,
): Promise<void> {
  const records: InstanceRecord[] = [];
  await atOnce(FILES_AT_ONCE, placed, async (one) => {
    const { row } = one;
    try {
      const record = await addPicture(one, await pictureBytes(dir, row), writer.dir);
      const mask = await masks?.add(row.path, record, writer.dir, tally);
      records.push({ ...record, mask: mask ?? null });
    } catch (error) {
      if (!(error instanceof PictureRefused)) throw error;
      tally.add(error.code, `line ${row.line}: ${row.path}: ${error.message}`);
    }
  });
  tellOddities(records, tally);
  await writer.addStudy(records);
}

async function pictureBytes(dir: string, { path: name }: PictureRow): Promise<Uint8Array> {
  try {
    return await readFile(path.join(dir, name));
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    const why = isMissing ? "there is no such file" : "it cannot be opened";
    throw new PictureRefused(isMissing ? "file-missing" : "file-unreadable", why);
  }
}

async function addPicture(placed: Placed, bytes: Uint8Array, datasetDir: string): Promise<InstanceRecord> {
  const wrapped = wrapPicture(readPicture(bytes), placed.context);
  const file = targetOf(placed);
  // What does not decode is no picture: the very code that will read it says so.
  await readSlices({ bytes: wrapped, file }, { windowed: true }).catch((error: unknown) => {
    throw new PictureRefused("file-unreadable", toVigilError(error).message.replace(`${file}: `, ""));
  });
  await writeWhole(pathIn(datasetDir, file), wrapped);
  return recordsOfObject(wrapped, file, file)[0]!;
}

function tellOddities(records: InstanceRecord[], tally: ProblemTally): void {
  const [first] = records;
  const places = new Set<number | null>();
  for (const { sop, rows, columns, z } of records) {
    if (rows !== first!.rows || columns !== first!.columns) tally.add("size-differs", `${sop}: ${columns} x ${rows}`);
    if (places.has(z)) tally.add("place-repeated", `${sop}: ${z} mm`);
    places.add(z);
  }
}

/** Labels of the pictures in the data set, in their order, then what others said of them before. */
async function* labelRows(
  { out, table }: PictureImport,
  byName: Map<string, PictureRow>,
  counts: PictureCounts,
): AsyncGenerator<LabelRow> {
  const source = `csv:${path.basename(table)}`;
  const written = new Set<string>();
  for await (const { instances } of Dataset.studiesIn(out)) {
    for (const { study, sop, mask } of instances) {
      counts.images++;
      if (mask !== null) counts.masks++;
      const row = byName.get(sop);
      if (row === undefined) continue;
      written.add(sop);
      yield { study, sop, labels: row.labels, source, reader: "", at: "" };
    }
  }
  yield* labelsBeside(out, source, written);
}

import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { toVigilError, VigilError } from "../../errors.ts";
import { WorkerPool } from "../../worker-pool.ts";
import { Dataset } from "../dataset/dataset.ts";
import { inOrder } from "../dataset/in-order.ts";
import { instanceKey } from "../dataset/instance-record.ts";
import { DATASET_FILES, pathIn } from "../dataset/layout.ts";
import { type DividedRow, readDividedRows } from "./check-table.ts";
import { type Leak, SideIndex } from "./leaks.ts";
import { COPIES_FROM } from "./likeness.ts";
import { PixelLeaks, pixelLeak } from "./pixel-leaks.ts";
import type { FileToPrint, PrintAnswer, PrintRequest } from "./printed-image.ts";

export interface SplitCheck {
  leaks: Leak[];
  /** What was not looked at, in whole sentences. */
  remarks: string[];
}

/** One file of images, and on which side each stands. */
interface DividedFile extends FileToPrint {
  /** As a leak names the image; undefined for one that the table does not divide. */
  sideOf(key: string): { name: string; side: string } | undefined;
}

/**
 * Looks for patients, studies and images that stand on several sides of any table, by their names and, where a data set or a
 * folder with the images is given, by their pixels: the same, or resized, shown in another window, cropped or mirrored.
 * Takes some 500 bytes of memory an image.
 * @throws VigilError table-invalid, not-found
 */
export async function checkSplit(
  table: string,
  images: string | undefined,
  onProgress: (done: number) => void = () => undefined,
): Promise<SplitCheck> {
  const names = { patient: new SideIndex("patient"), study: new SideIndex("study"), image: new SideIndex("identical") };
  const rows: DividedRow[] = [];
  for await (const row of readDividedRows(table)) {
    addNames(names, row);
    if (images !== undefined) rows.push(row);
  }
  const remarks: string[] = [];
  const found: Leak[] = [];
  if (images === undefined)
    remarks.push("Pixels were not compared: name a data set or a folder with the images for that.");
  else {
    const isDataset = existsSync(path.join(images, DATASET_FILES.manifest));
    const dataset = isDataset ? await Dataset.open(images) : undefined;
    const files = dataset === undefined ? filesOfRows(images, rows) : filesOfDataset(dataset, rows, names, remarks);
    found.push(...(await comparePixels(files, remarks, onProgress)));
  }
  const leaks = [names.patient, names.study, names.image].flatMap((index) => index.leaks());
  return { leaks: [...leaks, ...found], remarks };
}

interface Names {
  patient: SideIndex;
  study: SideIndex;
  image: SideIndex;
}

function addNames(names: Names, { side, patient, study, image, path: file }: DividedRow): void {
  if (patient !== undefined) names.patient.add(patient, side);
  if (study !== undefined) names.study.add(study, side);
  const name = image ?? file;
  if (name !== undefined) names.image.add(name, side);
}

/** @throws VigilError table-invalid */
function* filesOfRows(folder: string, rows: DividedRow[]): Generator<DividedFile> {
  for (const { side, path: file } of rows) {
    if (file === undefined) {
      const message = `to compare the pixels in ${folder} the table needs a column path; for a data set patient, study or sop do`;
      throw new VigilError("table-invalid", message);
    }
    yield { file: path.resolve(folder, file), arePictures: false, sideOf: () => ({ name: file, side }) };
  }
}

/** What the data set knows of an image beside its name counts too: its patient and its study. */
async function* filesOfDataset(
  dataset: Dataset,
  rows: DividedRow[],
  names: Names,
  remarks: string[],
): AsyncGenerator<DividedFile> {
  const sides = new Map<string, string>();
  for (const { side, patient, study, image, path: file } of rows) {
    const name = image ?? file ?? study ?? patient;
    if (name !== undefined) sides.set(name, side);
  }
  const arePictures = dataset.manifest.source.kind === "images";
  let undivided = 0;
  for await (const { patient, study, instances } of dataset.studies()) {
    for (const [file, records] of Map.groupBy(instances, (record) => record.file)) {
      const known = new Map<string, { name: string; side: string }>();
      for (const record of records) {
        const name = instanceKey(record);
        const side =
          sides.get(name) ?? sides.get(record.sop) ?? sides.get(file) ?? sides.get(study) ?? sides.get(patient);
        if (side === undefined) {
          undivided++;
          continue;
        }
        known.set(name, { name, side });
        addNames(names, { side, patient, study });
      }
      if (known.size > 0) yield { file: pathIn(dataset.dir, file), arePictures, sideOf: (key) => known.get(key) };
    }
  }
  if (undivided > 0) remarks.push(`${undivided} images of the data set stand on no side and were not compared.`);
}

async function comparePixels(
  files: Iterable<DividedFile> | AsyncIterable<DividedFile>,
  remarks: string[],
  onProgress: (done: number) => void,
): Promise<Leak[]> {
  const pixels = new PixelLeaks();
  const threads = availableParallelism();
  const pool = await WorkerPool.start<PrintRequest, PrintAnswer, null>({
    script: new URL("./print-worker.ts", import.meta.url),
    size: threads,
    purpose: "the comparing of images",
    failureCode: "dicom-unreadable",
    terminable: true,
    workerData: () => null,
  });
  const unreadable: string[] = [];
  const ask = (request: PrintRequest, subject: string) =>
    pool.run(request, [], undefined, { deadlineMs: DEADLINE_MS, subject }).catch((error: unknown) => {
      unreadable.push(toVigilError(error).message);
      return { images: [] };
    });
  let done = 0;
  try {
    const printed = inOrder(files, 4 * threads, async (file) => {
      const { file: where, arePictures } = file;
      return { file, answer: await ask({ print: { file: where, arePictures } }, where) };
    });
    for await (const { file, answer } of printed) {
      for (const image of "images" in answer ? answer.images : []) {
        const known = file.sideOf(image.key);
        const { file: where, arePictures } = file;
        if (known !== undefined) pixels.add({ ...known, key: image.key, file: where, arePictures }, image);
      }
      onProgress(++done);
    }
    const compared = inOrder(pixels.alike, 4 * threads, async (pair) => ({
      pair,
      answer: await ask({ compare: pair }, pair[1].file),
    }));
    const near: Leak[] = [];
    for await (const { pair, answer } of compared)
      if ("likeness" in answer && answer.likeness >= COPIES_FROM) near.push(pixelLeak("near-identical", pair));
    return [...pixels.identical.map((pair) => pixelLeak("identical", pair)), ...near];
  } finally {
    await pool.stop();
    const [first] = unreadable;
    if (first !== undefined)
      remarks.push(`${unreadable.length} files cannot be read and were not compared, such as: ${first}`);
    if (pixels.featureless > 0)
      remarks.push(
        `${pixels.featureless} images show too little of a head to be recognised: only identical ones were found.`,
      );
  }
}

const DEADLINE_MS = 60_000;

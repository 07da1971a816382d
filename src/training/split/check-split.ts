import { existsSync } from "node:fs";
import path from "node:path";
import { VigilError } from "../../errors.ts";
import { Dataset } from "../dataset/dataset.ts";
import { instanceKey } from "../dataset/instance-record.ts";
import { DATASET_FILES, pathIn } from "../dataset/layout.ts";
import { type DividedFile, findCopies } from "../likeness/find-copies.ts";
import type { DividedImage } from "../likeness/pixel-index.ts";
import { type DividedRow, readDividedRows } from "./check-table.ts";
import { type Leak, SideIndex } from "./leaks.ts";

export interface SplitCheck {
  leaks: Leak[];
  /** What was not looked at, in whole sentences. */
  remarks: string[];
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
    const copies = await findCopies(files, onProgress);
    remarks.push(...copies.remarks);
    found.push(...copies.identical.map((pair) => leakOf("identical", pair)));
    found.push(...copies.nearIdentical.map((pair) => leakOf("near-identical", pair)));
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

function leakOf(kind: Leak["kind"], [a, b]: [DividedImage, DividedImage]): Leak {
  return { kind, a: a.name, b: b.name, folds: [a.side, b.side] };
}

import path from "node:path";
import { readWhole } from "../../dicom/folder-files.ts";
import { readSlices } from "../../dicom/slice.ts";
import { toVigilError } from "../../errors.ts";
import { Dataset } from "../dataset/dataset.ts";
import { DatasetWriter } from "../dataset/dataset-writer.ts";
import { type InstanceRecord, instanceKey } from "../dataset/instance-record.ts";
import type { LabelRow } from "../dataset/label-row.ts";
import { pathIn } from "../dataset/layout.ts";
import { recordsOfObject } from "../dataset/records-of-object.ts";
import { labelsBeside, writeLabels } from "../dataset/relabel.ts";
import { atOnce } from "./at-once.ts";
import { type LinkChoice, placeFile } from "./place-file.ts";
import type { ProblemTally } from "./problems.ts";
import { isInPlace, type LocatedFile, type LocatedStudy, locateStudies } from "./rsna-files.ts";
import { type RsnaLabels, rsnaLabelRows } from "./rsna-labels.ts";

export interface RsnaFileCounts {
  /** Files below the folder. */
  found: number;
  /** Images in the data set. */
  images: number;
  labelled: number;
  unlabelled: number;
  /** Labelled images without a file. */
  missing: number;
  /** Images whose pixels cannot be used; each is marked in instances.jsonl. */
  unusable: number;
  linked: number;
  copied: number;
  /** Already there from an earlier run. */
  kept: number;
}

export interface RsnaImport {
  /** The folder of the images. */
  dir: string;
  out: string;
  /** The label file, which names the source of the labels. */
  labelFile: string;
  labels: RsnaLabels;
  link: LinkChoice;
  tally: ProblemTally;
  onProgress?(step: "headers" | "images", done: number, total?: number): void;
}

const FILES_AT_ONCE = 4;

/**
 * Makes a data set of the images of a folder and the labels of a file. Images without labels are in it too. An import
 * that was interrupted goes on.
 * @throws VigilError not-found, usage-invalid, dataset-not-written
 */
export async function importRsnaImages(job: RsnaImport): Promise<RsnaFileCounts> {
  const { dir, out, tally } = job;
  let found = 0;
  const studies = await locateStudies(dir, tally, (done) => {
    found = done;
    job.onProgress?.("headers", done);
  });
  const writer = await DatasetWriter.begin(out, {
    name: path.basename(path.resolve(out)),
    role: "researcher",
    source: { kind: "rsna", labels: path.basename(job.labelFile), images: path.basename(path.resolve(dir)) },
    deidentification: null,
  });
  const counts = {
    found,
    images: 0,
    labelled: 0,
    unlabelled: 0,
    missing: 0,
    unusable: 0,
    linked: 0,
    copied: 0,
    kept: 0,
  };
  const total = studies.reduce((sum, { files }) => sum + files.length, 0);
  let done = 0;
  for (const study of studies) {
    if (writer.has(study.patient, study.study) && isInPlace(out, study)) counts.kept += study.files.length;
    else await addStudy(study, writer, job, counts);
    done += study.files.length;
    job.onProgress?.("images", done, total);
  }
  await writer.finish(() => writeLabels(out, labelRows(job, namesOf(studies, job), counts)));
  return counts;
}

async function addStudy(
  { files }: LocatedStudy,
  writer: DatasetWriter,
  { dir, link, tally }: RsnaImport,
  counts: RsnaFileCounts,
): Promise<void> {
  const records: InstanceRecord[] = [];
  await atOnce(FILES_AT_ONCE, files, async ({ source, target }) => {
    try {
      const bytes = await readWhole(source);
      records.push(...(await checkedRecords(bytes, target)));
      counts[await placeFile(source, bytes, pathIn(writer.dir, target), link)]++;
    } catch (error) {
      const known = toVigilError(error);
      if (known.code !== "dicom-unreadable") throw error;
      tally.add("file-unreadable", `${path.relative(dir, source)}: ${known.message}`);
    }
  });
  await writer.addStudy(records);
}

/** With what keeps the pixels from being used: the very code that will read them says so. */
async function checkedRecords(bytes: Uint8Array, file: string): Promise<InstanceRecord[]> {
  const records = recordsOfObject(bytes, file, file);
  if (records.some(({ problem }) => problem !== null)) return records;
  try {
    await readSlices({ bytes, file });
    return records;
  } catch (error) {
    const { code, message } = toVigilError(error);
    return records.map((record) => ({ ...record, problem: { code, message } }));
  }
}

/** How the label file calls the images whose SOP Instance UID it does not know, by their file names. */
function namesOf(studies: LocatedStudy[], { labels, tally }: RsnaImport): Map<string, string> {
  const names = new Map<string, string>();
  const nameOf = ({ source }: LocatedFile) => path.basename(source).replace(/\.dcm$/i, "");
  for (const file of studies.flatMap(({ files }) => files)) {
    const name = nameOf(file);
    if (name === file.sop) continue;
    tally.add("name-differs", `${name}: ${file.sop}`);
    if (!labels.index.has("", file.sop) && labels.index.has("", name)) names.set(file.sop, name);
  }
  return names;
}

/** Labels of the images in the data set, in their order, then what others said of them before. */
async function* labelRows(
  { out, labelFile, labels, tally }: RsnaImport,
  names: Map<string, string>,
  counts: RsnaFileCounts,
): AsyncGenerator<LabelRow> {
  const source = `rsna:${path.basename(labelFile)}`;
  const written = new Set<string>();
  const seen = new Set<string>();
  for await (const { instances } of Dataset.studiesIn(out)) {
    for (const record of instances) {
      counts.images++;
      if (record.problem !== null) {
        counts.unusable++;
        tally.add("pixels-unusable", record.problem.message);
      }
      const image = names.get(record.sop) ?? record.sop;
      if (!labels.index.has("", image)) {
        counts.unlabelled++;
        continue;
      }
      counts.labelled++;
      seen.add(image);
      const sop = instanceKey(record);
      written.add(sop);
      yield* rsnaLabelRows(labels, image, { study: record.study, sop, source });
    }
  }
  for (const image of labels.index.images()) if (!seen.has(image)) tally.add("file-missing", image);
  counts.missing = tally.count("file-missing");
  yield* labelsBeside(out, source, written);
}

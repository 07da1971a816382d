import { createHash } from "node:crypto";
import path from "node:path";

/** Where the parts of a data set lie in its folder (docs/training.md). */
export const DATASET_FILES = {
  manifest: "dataset.json",
  instances: "instances.jsonl",
  labels: "labels.csv",
  conflicts: "labels-conflicts.csv",
  split: "split.csv",
  dicom: "dicom",
  masks: "masks",
  prepared: "prepared",
} as const;

/** Holds what is written already of a data set that is not finished. */
export const UNFINISHED_DIR = ".unfinished";

/** dicom/<patient>/<study>/<series>/<sop>.dcm, with slashes on every system; the names are as `safeName` makes them. */
export function dicomFile(patient: string, study: string, series: string, sop: string): string {
  return [DATASET_FILES.dicom, ...[patient, study, series].map(safeName), `${safeName(sop)}.dcm`].join("/");
}

/** A file of a data set on this machine. `file` is relative to the data set, as instances.jsonl has it. */
export function pathIn(datasetDir: string, file: string): string {
  return path.join(datasetDir, ...file.split("/"));
}

const LONGEST_NAME = 128;

/**
 * An id as the name of a file or folder: what not every file system takes is written as %XX, so that two ids never share
 * a name, and none leads out of the folder.
 */
export function safeName(id: string): string {
  const name = Array.from(id, (character) => (/[A-Za-z0-9_-]/.test(character) ? character : escaped(character))).join(
    "",
  );
  const plain = name.replaceAll("%2E", ".").replace(/^\.+/, (dots) => dots.replaceAll(".", "%2E"));
  if (plain === "") return "%";
  if (plain.length <= LONGEST_NAME) return plain;
  return `${plain.slice(0, LONGEST_NAME - 33)}-${createHash("sha256").update(id).digest("hex").slice(0, 32)}`;
}

function escaped(character: string): string {
  return Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}

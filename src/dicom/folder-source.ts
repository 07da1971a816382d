import { type Warning, warning } from "../contract/warning.ts";
import { toVigilError, VigilError } from "../errors.ts";
import { withoutCopies } from "./duplicate-instances.ts";
import { type LocatedInstance, readFileHeader } from "./file-header.ts";
import { type FoundFile, filesIn, readWhole } from "./folder-files.ts";
import type { InstanceHeader, InstanceName, StoredInstance, StudySource } from "./source.ts";

export interface ScanOptions {
  /** Called for each file that has been looked at, with their number so far. */
  onProgress?(done: number): void;
}

/** What lies in a folder. */
export interface FolderScan {
  studies: FolderStudy[];
  /** Files that are not DICOM, or DICOM but no part of a study (DICOMDIR). */
  skipped: string[];
  /** DICOM files that cannot be read, files and folders that cannot be opened, with the reason. */
  unreadable: { file: string; message: string }[];
}

const OPEN_AT_ONCE = 4;
/** A warning names so many of the files that cannot be read. */
const NAMED_FILES = 3;

/** One study among the files of a folder. */
export class FolderStudy implements StudySource {
  readonly studyInstanceUid: string;
  readonly warnings: Warning[];
  readonly #instances: LocatedInstance[];

  constructor(studyInstanceUid: string, instances: LocatedInstance[], warnings: Warning[]) {
    this.studyInstanceUid = studyInstanceUid;
    this.#instances = instances;
    this.warnings = warnings;
  }

  async listInstances(): Promise<InstanceHeader[]> {
    return this.#instances.flatMap(({ headers }) => headers);
  }

  /** @throws VigilError dicom-unreadable when a file cannot be opened any more; interrupted when the signal aborts */
  async *readInstances(images: InstanceName[], signal?: AbortSignal): AsyncIterable<StoredInstance> {
    const wanted = new Set(images.map(({ sopInstanceUid }) => sopInstanceUid));
    for (const { file, headers } of this.#instances) {
      const { sopInstanceUid } = headers[0]!;
      if (!wanted.has(sopInstanceUid)) continue;
      if (signal?.aborted) throw new VigilError("interrupted", "the reading of images was interrupted");
      yield { sopInstanceUid, file, bytes: await readWhole(file) };
    }
  }
}

/**
 * Every study in a folder, its sub-folders included, or in a single file.
 * @throws VigilError not-found; dicom-unreadable when there are DICOM files but none can be read
 */
export async function openFolder(fileOrFolder: string, options: ScanOptions = {}): Promise<FolderStudy[]> {
  const { studies, unreadable } = await scanFolder(fileOrFolder, options);
  const [first] = unreadable;
  if (studies.length === 0 && first !== undefined) {
    const more = unreadable.length === 1 ? "" : ` (and ${unreadable.length - 1} more files cannot be read)`;
    throw new VigilError("dicom-unreadable", first.message + more);
  }
  return studies;
}

/** @throws VigilError not-found; dicom-unreadable when this is no file or folder, or may not be looked at */
export async function scanFolder(fileOrFolder: string, { onProgress }: ScanOptions = {}): Promise<FolderScan> {
  const found: LocatedInstance[] = [];
  const skipped: string[] = [];
  const unreadable: Extract<FoundFile, { message: string }>[] = [];
  let done = 0;
  const look = async (entry: FoundFile) => {
    if ("message" in entry) {
      unreadable.push(entry);
      return;
    }
    const located = entry.kind === "file" ? await readFileHeader(entry.file) : undefined;
    if (located !== undefined) found.push(located);
    else if (!isHidden(entry.file)) skipped.push(entry.file);
  };
  const files = filesIn(fileOrFolder);
  const lookAtAll = async () => {
    for (let next = await files.next(); !next.done; next = await files.next()) {
      await look(next.value).catch((error: unknown) => {
        unreadable.push({ kind: "unreadable-file", file: next.value.file, message: toVigilError(error).message });
      });
      onProgress?.(++done);
    }
  };
  await Promise.all(Array.from({ length: OPEN_AT_ONCE }, lookAtAll));

  const byName = (a: { file: string }, b: { file: string }) => (a.file < b.file ? -1 : 1);
  unreadable.sort(byName);
  const common = unreadable.length > 0 ? [unreadableWarning(unreadable)] : [];
  const byStudy = Map.groupBy(found.sort(byName), ({ headers }) => headers[0]!.study.studyInstanceUid);
  const studies: FolderStudy[] = [];
  for (const [uid, all] of byStudy) {
    const { instances, warnings } = await withoutCopies(all);
    studies.push(new FolderStudy(uid, instances, [...common, ...warnings, ...patientWarnings(uid, instances)]));
  }
  return { studies, skipped: skipped.sort(), unreadable };
}

/** Nobody knows whose images they are: each study may be the one that lacks them. */
function unreadableWarning(unreadable: { kind: FoundFile["kind"]; message: string }[]): Warning {
  const count = (kind: FoundFile["kind"], noun: string) => {
    const { length } = unreadable.filter((entry) => entry.kind === kind);
    return length === 0 ? [] : [`${length} ${noun}${length === 1 ? "" : "s"}`];
  };
  const all = [...count("unreadable-file", "file"), ...count("unreadable-folder", "folder")].join(" and ");
  const named = unreadable.slice(0, NAMED_FILES).map(({ message }) => message);
  const more = unreadable.length > NAMED_FILES ? [`and ${unreadable.length - NAMED_FILES} more`] : [];
  return warning("file-unreadable", [...named, ...more].join("; "), `${all} not readable`);
}

function patientWarnings(studyInstanceUid: string, instances: LocatedInstance[]): Warning[] {
  const patients = new Set(
    instances.map(({ headers }) => {
      const { patientId, issuerOfPatientId, patientName } = headers[0]!.study;
      return patientId === "" ? patientName : `${issuerOfPatientId}\\${patientId}`;
    }),
  );
  if (patients.size <= 1) return [];
  const message = `study ${studyInstanceUid} has images of ${patients.size} patients, by Patient ID`;
  return [warning("patients-mixed", message, "images of several patients not told apart")];
}

function isHidden(file: string): boolean {
  return /(^|[\\/])\.[^\\/]*$/.test(file);
}

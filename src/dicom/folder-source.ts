import type { Dirent } from "node:fs";
import { open, readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { type Warning, warning } from "../contract/warning.ts";
import { toVigilError, VigilError } from "../errors.ts";
import { headersFromDataSet } from "./header.ts";
import { looksLikeDicom, parsePart10 } from "./part10.ts";
import type { InstanceHeader, StoredInstance, StudySource } from "./source.ts";
import { SOP_CLASS } from "./uids.ts";

/** What lies in a folder. */
export interface FolderScan {
  studies: FolderStudy[];
  /** Files that are not DICOM, or DICOM but no part of a study (DICOMDIR). */
  skipped: string[];
  /** DICOM files that cannot be read, with the reason. */
  unreadable: { file: string; message: string }[];
}

interface LocatedHeader {
  file: string;
  headers: InstanceHeader[];
}

/** The header of a CT image fits in; a file whose header is longer is read as a whole. */
const HEADER_BYTES = 64 * 1024;

/** One study among the files of a folder. */
export class FolderStudy implements StudySource {
  readonly studyInstanceUid: string;
  readonly warnings: Warning[];
  readonly #instances: LocatedHeader[];

  constructor(studyInstanceUid: string, instances: LocatedHeader[], warnings: Warning[]) {
    this.studyInstanceUid = studyInstanceUid;
    this.#instances = instances;
    this.warnings = warnings;
  }

  async listInstances(): Promise<InstanceHeader[]> {
    return this.#instances.flatMap(({ headers }) => headers);
  }

  async *readSeries(seriesInstanceUid: string, signal?: AbortSignal): AsyncIterable<StoredInstance> {
    for (const { file, headers } of this.#instances) {
      if (headers[0]!.seriesInstanceUid !== seriesInstanceUid) continue;
      signal?.throwIfAborted();
      yield { file, bytes: await readFile(file) };
    }
  }
}

/**
 * Every study in a folder, its sub-folders included, or in a single file.
 * @throws VigilError not-found; dicom-unreadable when there are DICOM files but none can be read
 */
export async function openFolder(fileOrFolder: string): Promise<FolderStudy[]> {
  const { studies, unreadable } = await scanFolder(fileOrFolder);
  const [first] = unreadable;
  if (studies.length === 0 && first !== undefined) {
    const more = unreadable.length === 1 ? "" : ` (and ${unreadable.length - 1} more files cannot be read)`;
    throw new VigilError("dicom-unreadable", first.message + more);
  }
  return studies;
}

/** @throws VigilError not-found */
export async function scanFolder(fileOrFolder: string): Promise<FolderScan> {
  const found: LocatedHeader[] = [];
  const skipped: string[] = [];
  const unreadable: FolderScan["unreadable"] = [];
  for (const file of await listFiles(fileOrFolder)) {
    try {
      const headers = await readHeaders(file);
      if (headers === undefined) skipped.push(file);
      else found.push({ file, headers });
    } catch (error) {
      unreadable.push({ file, message: toVigilError(error).message });
    }
  }
  const warnings = unreadable.map(({ message }) => warning("file-unreadable", message));
  const byStudy = Map.groupBy(found, ({ headers }) => headers[0]!.study.studyInstanceUid);
  const studies = [...byStudy].map(([uid, instances]) => new FolderStudy(uid, withoutCopies(instances), warnings));
  return { studies, skipped, unreadable };
}

async function listFiles(fileOrFolder: string): Promise<string[]> {
  const info = await stat(fileOrFolder).catch(() => undefined);
  if (info === undefined) throw new VigilError("not-found", `there is no file or folder ${fileOrFolder}`);
  if (info.isFile()) return [fileOrFolder];
  const entries = await readdir(fileOrFolder, { recursive: true, withFileTypes: true });
  const isVisibleFile = (entry: Dirent) => entry.isFile() && !entry.name.startsWith(".");
  return entries
    .filter(isVisibleFile)
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/** undefined when the file is not DICOM or no part of a study. @throws VigilError dicom-unreadable */
async function readHeaders(file: string): Promise<InstanceHeader[] | undefined> {
  const beginning = await readBeginning(file);
  if (!looksLikeDicom(beginning)) return undefined;
  const parsed = (bytes: Uint8Array) => parsePart10(bytes, file, { untilPixels: true });
  let dataset: ReturnType<typeof parsed>;
  try {
    dataset = parsed(beginning);
  } catch {
    dataset = parsed(await readFile(file));
  }
  if (dataset.string("x00020002") === SOP_CLASS.mediaStorageDirectory) return undefined;
  return headersFromDataSet(dataset, file);
}

async function readBeginning(file: string): Promise<Uint8Array> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** The same object stored twice counts once. */
function withoutCopies(instances: LocatedHeader[]): LocatedHeader[] {
  const seen = new Set<string>();
  const isNew = (uid: string) => !seen.has(uid) && seen.add(uid);
  return instances.filter(({ headers }) => isNew(headers[0]!.sopInstanceUid));
}

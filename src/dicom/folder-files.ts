import { constants, type Dirent, type Stats } from "node:fs";
import { type FileHandle, open, readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { VigilError } from "../errors.ts";

/** What a walk through a folder meets: a file, or something that may hold images and cannot be looked at. */
export type FoundFile =
  | { kind: "file" | "other"; file: string }
  | { kind: "unreadable-file" | "unreadable-folder"; file: string; message: string };

/** An enhanced CT of 2,000 images. Nothing larger is taken into memory. */
const LARGEST_FILE_BYTES = 1024 ** 3;

/**
 * Every file below a folder, or the file itself, in the order of their names. Links are followed; each folder is entered
 * once, so that circles end. Pipes, sockets and devices are "other" and never opened.
 * @throws VigilError not-found; dicom-unreadable when it is no file or folder, or may not be looked at
 */
export async function* filesIn(fileOrFolder: string): AsyncGenerator<FoundFile> {
  const info = await stat(fileOrFolder).catch((cause: unknown) => {
    if (codeOf(cause) === "ENOENT") throw new VigilError("not-found", `there is no file or folder ${fileOrFolder}`);
    throw new VigilError("dicom-unreadable", `${fileOrFolder} cannot be opened: ${codeOf(cause)}`, { cause });
  });
  if (info.isFile()) return yield { kind: "file", file: fileOrFolder };
  if (!info.isDirectory()) throw new VigilError("dicom-unreadable", `${fileOrFolder} is neither a file nor a folder`);
  const entered = new Set<string>();
  const waiting = [fileOrFolder];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    let entries: Dirent[];
    try {
      const real = await realpath(folder);
      if (entered.has(real)) continue;
      entered.add(real);
      entries = await readdir(folder, { withFileTypes: true });
    } catch (cause) {
      yield { kind: "unreadable-folder", file: folder, message: `${folder} cannot be opened: ${codeOf(cause)}` };
      continue;
    }
    const folders: string[] = [];
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = path.join(folder, entry.name);
      try {
        const type = entry.isFile() || entry.isDirectory() ? entry : await stat(file);
        if (type.isDirectory()) folders.push(file);
        else yield { kind: type.isFile() ? "file" : "other", file };
      } catch (cause) {
        yield { kind: "unreadable-file", file, message: `${file} cannot be opened: ${codeOf(cause)}` };
      }
    }
    waiting.push(...folders.reverse());
  }
}

/**
 * Opens a regular file for `use`. It may have become a pipe since it was listed: opening does not wait for a writer.
 * @throws VigilError dicom-unreadable, and what `use` throws
 */
export async function withFile<T>(file: string, use: (handle: FileHandle, info: Stats) => Promise<T>): Promise<T> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const info = await handle.stat();
    if (!info.isFile()) throw new VigilError("dicom-unreadable", `${file} is no file any more`);
    return await use(handle, info);
  } catch (cause) {
    if (cause instanceof VigilError) throw cause;
    throw new VigilError("dicom-unreadable", `${file} cannot be opened: ${codeOf(cause)}`, { cause });
  } finally {
    await handle?.close();
  }
}

/** @throws VigilError dicom-unreadable */
export function readWhole(file: string): Promise<Uint8Array> {
  return withFile(file, async (handle, info) => {
    refuseLarge(file, info);
    return await handle.readFile();
  });
}

/** @throws VigilError dicom-unreadable */
export function refuseLarge(file: string, { size }: Stats): void {
  if (size > LARGEST_FILE_BYTES) throw new VigilError("dicom-unreadable", `${file} is larger than 1 GiB`);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

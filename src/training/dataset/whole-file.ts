import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { type FileHandle, mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { VigilError } from "../../errors.ts";

/** Of patients, even where their names are gone. */
const FILE_MODE = 0o600;
export const DIR_MODE = 0o700;

/** Ends the name of a file that is still being written; whoever reads a data set passes it over. */
export const UNFINISHED = ".part";

/**
 * Writes a file so that it is there whole or not at all, whenever the machine stops.
 * @param content bytes, a text, or pieces of them as they come
 * @throws VigilError dataset-not-written when the disk is full or the folder cannot be written
 */
export async function writeWhole(
  file: string,
  content: Uint8Array | string | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
): Promise<void> {
  const unfinished = unfinishedName(file);
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: DIR_MODE });
    if (typeof content === "string" || content instanceof Uint8Array) {
      await writeFile(unfinished, content, { mode: FILE_MODE });
    } else {
      await pipeline(Readable.from(content, { objectMode: false }), createWriteStream(unfinished, { mode: FILE_MODE }));
    }
    await flush(unfinished);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw notWritten(file, error);
  }
}

/** Several machines may write the same file at once, into the same folder. */
function unfinishedName(file: string): string {
  return `${file}.${randomUUID().slice(0, 8)}${UNFINISHED}`;
}

/** A file that grows piece by piece, of any size, and is there whole or not at all. */
export class GrowingFile {
  readonly #file: string;
  readonly #unfinished: string;
  readonly #handle: FileHandle;

  private constructor(file: string, unfinished: string, handle: FileHandle) {
    this.#file = file;
    this.#unfinished = unfinished;
    this.#handle = handle;
  }

  /** @throws VigilError dataset-not-written */
  static async begin(file: string): Promise<GrowingFile> {
    const unfinished = unfinishedName(file);
    try {
      await mkdir(path.dirname(file), { recursive: true, mode: DIR_MODE });
      return new GrowingFile(file, unfinished, await open(unfinished, "wx", FILE_MODE));
    } catch (error) {
      throw notWritten(file, error);
    }
  }

  /** @throws VigilError dataset-not-written; then nothing is left of it */
  async append(bytes: Uint8Array): Promise<void> {
    await this.#orAbandoned(async () => {
      for (let at = 0; at < bytes.length; ) at += (await this.#handle.write(bytes, at)).bytesWritten;
    });
  }

  /** Puts `start`, of the length of what was appended first, in its place, and the file under its name. */
  async finish(start: Uint8Array): Promise<void> {
    await this.#orAbandoned(async () => {
      await this.#handle.write(start, 0, start.length, 0);
      await this.#handle.sync();
      await this.#handle.close();
      await rename(this.#unfinished, this.#file);
    });
  }

  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.#unfinished, { force: true }).catch(() => undefined);
  }

  async #orAbandoned(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      await this.abandon();
      throw notWritten(this.#file, error);
    }
  }
}

async function flush(file: string): Promise<void> {
  const handle = await open(file, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What the system says when it cannot write, with what to do; anything else is thrown as it is. */
export function notWritten(file: string, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const remedy = {
    ENOSPC: "the disk is full: make room and give the same command again, it goes on where it stopped",
    EDQUOT: "your quota on this disk is used up: make room and give the same command again",
    EACCES: "the folder may not be written: choose another one, or change its permissions",
    EROFS: "the disk is mounted read-only: choose another folder",
  }[code];
  return remedy === undefined
    ? error
    : new VigilError("dataset-not-written", `${file} cannot be written: ${remedy}`, { cause: error });
}

import { toVigilError, VigilError } from "../errors.ts";
import { imageFingerprint, imageKey, type Place } from "./slab-stack.ts";
import type { CtSlice } from "./slice.ts";
import type { InstanceHeader, StoredInstance, StoredObject, StudySource } from "./source.ts";

/** Decodes all images of a stored object. */
export interface SliceReader {
  read(instance: StoredObject, signal?: AbortSignal): Promise<CtSlice[]>;
}

/** An image that could not be read, and why. */
export interface ImageFailure {
  header: InstanceHeader;
  error: VigilError;
}

export interface ReadImages {
  failures: ImageFailure[];
  /** One for each image that was read: of its name and its values. */
  fingerprints: string[];
}

/** Told how long fetching and decoding take. */
export interface ReadTimer {
  time<T>(step: "retrieveMs" | "decodeMs", work: () => Promise<T>): Promise<T>;
}

export interface ReadOptions {
  source: StudySource;
  reader: SliceReader;
  timer: ReadTimer;
  signal: AbortSignal | undefined;
}

/** Where more than this share of the images cannot be read, none is. */
const MAX_FAILED_SHARE = 0.25;
/** Enough to keep the decoding threads busy. */
const MOST_UNDER_WAY = 4;
/** Objects of many frames are read one at a time: each takes as much again decoded. */
const MOST_BYTES_UNDER_WAY = 64 * 1024 ** 2;

/**
 * Reads the pixels of images and hands them to their places, in whatever order they arrive; no more than a few stored
 * images are held.
 * @param tolerant whether to go on when a few images cannot be read
 * @throws VigilError of the source (pacs-…), study-incomplete; that of an image that cannot be read
 */
export async function readImages(places: Place[], tolerant: boolean, options: ReadOptions): Promise<ReadImages> {
  const { source, reader, timer, signal } = options;
  const missing = new Map(places.map((place) => [imageKey(place.header), place]));
  const headers = [...missing.values()].map(({ header }) => header);
  const failures: ImageFailure[] = [];
  const fingerprints: string[] = [];
  let fatal: VigilError | undefined;

  const decode = async (instance: StoredInstance) => {
    try {
      for (const slice of await reader.read(instance, signal)) {
        const key = imageKey(slice.header);
        missing.get(key)?.put(slice);
        if (missing.delete(key)) fingerprints.push(imageFingerprint(slice));
      }
    } catch (thrown) {
      const error = toVigilError(thrown);
      if (!tolerant || error.kind !== "permanent") fatal ??= error;
      for (const [key, { header }] of missing) {
        if (header.sopInstanceUid !== instance.sopInstanceUid) continue;
        missing.delete(key);
        failures.push({ header, error });
      }
    }
  };

  const underWay = new Map<Promise<void>, number>();
  const isFull = () =>
    underWay.size >= MOST_UNDER_WAY || [...underWay.values()].reduce((sum, n) => sum + n, 0) > MOST_BYTES_UNDER_WAY;
  const arriving = source.readInstances(headers, signal)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await timer.time("retrieveMs", () => arriving.next());
      if (next.done || fatal !== undefined) break;
      // Before the bytes move to the thread that decodes them.
      const { byteLength } = next.value.bytes;
      const decoding = decode(next.value).finally(() => underWay.delete(decoding));
      underWay.set(decoding, byteLength);
      while (isFull()) await timer.time("decodeMs", () => Promise.race(underWay.keys()));
    }
    await timer.time("decodeMs", () => Promise.all(underWay.keys()));
  } finally {
    await arriving.return?.();
    await Promise.allSettled(underWay.keys());
  }
  if (failures.length > MAX_FAILED_SHARE * headers.length) fatal ??= failures[0]!.error;
  if (fatal !== undefined) throw fatal;
  // A gap that nobody notices could hide the bleed.
  if (missing.size > 0) {
    const message = `study ${source.studyInstanceUid}: only ${headers.length - missing.size} of ${headers.length} images arrived`;
    throw new VigilError("study-incomplete", message);
  }
  return { failures, fingerprints };
}

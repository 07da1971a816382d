import { availableParallelism } from "node:os";
import { WorkerPool } from "../worker-pool.ts";
import type { CtSlice } from "./slice.ts";
import type { StoredObject } from "./source.ts";

export interface InstanceReaderOptions {
  threads?: number;
  /** For an instance of up to 1 MiB, such as any single image; larger ones have longer. */
  deadlineMs?: number;
}

/** What the threads do with each instance (`answerInstances`), and what they need to know for it. */
export interface InstanceTask extends InstanceReaderOptions {
  script: URL;
  workerData?: unknown;
}

const MOST_THREADS = 2;
const DEADLINE_MS = 20_000;
/** The slowest codec takes 35 ms for an image of 512 KB; a compressed file holds four times as much. */
const DEADLINE_MS_PER_MIB = 1000;
/** About what starting one more thread costs; 200 uncompressed images of 512 x 512 take as long (docs/benchmarks.md). */
const SECOND_THREAD_AFTER_MS = 150;
/** Of JavaScript objects; the parser and the decoders limit their buffers themselves. */
const LARGEST_HEAP_MIB = 256;

/**
 * Parses and decodes instances in threads of their own: whatever a file does there, ends there. It may be slow, take all
 * memory of its thread, or bring a decoder down.
 */
export class InstanceReader<Answer = CtSlice[]> {
  readonly #pool: WorkerPool<StoredObject, Answer, null>;
  readonly #deadlineMs: number;

  private constructor(pool: WorkerPool<StoredObject, Answer, null>, deadlineMs: number) {
    this.#pool = pool;
    this.#deadlineMs = deadlineMs;
  }

  /** Starts one thread; the others start when they are needed. */
  static start(options: InstanceReaderOptions = {}): Promise<InstanceReader> {
    return InstanceReader.startFor({ ...options, script: new URL("./instance-worker.ts", import.meta.url) });
  }

  /** The same for something else than decoding to HU. */
  static async startFor<Answer>({
    script,
    workerData = null,
    threads,
    deadlineMs = DEADLINE_MS,
  }: InstanceTask): Promise<InstanceReader<Answer>> {
    const pool = await WorkerPool.start<StoredObject, Answer, null>({
      script,
      size: threads ?? Math.min(MOST_THREADS, availableParallelism()),
      purpose: "the reading of images",
      failureCode: "dicom-unreadable",
      terminable: true,
      growsAfterMs: SECOND_THREAD_AFTER_MS,
      resourceLimits: { maxOldGenerationSizeMb: LARGEST_HEAP_MIB },
      workerData: () => workerData,
    });
    return new InstanceReader(pool, deadlineMs);
  }

  /**
   * All images of one stored object, decoded: one of each frame. The bytes move to the thread and cannot be used afterwards.
   * @throws VigilError dicom-unreadable, pixels-unsupported, values-not-hu; interrupted when the signal aborts
   */
  async read({ bytes, file }: StoredObject, signal?: AbortSignal): Promise<Answer> {
    const mibBeyondOne = Math.max(0, bytes.byteLength / 1024 / 1024 - 1);
    const deadlineMs = this.#deadlineMs + mibBeyondOne * DEADLINE_MS_PER_MIB;
    const own = ownBuffer(bytes);
    const limits = { deadlineMs, subject: file ?? "an instance" };
    return this.#pool.run({ bytes: own, file }, [own.buffer], signal, limits);
  }

  /** Ends the threads; what is being read fails with `interrupted`. */
  async stop(): Promise<void> {
    await this.#pool.stop();
  }
}

/** Other instances may lie in the same buffer, such as the parts of one answer: then these bytes are copied. */
function ownBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = bytes;
  const isAlone = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
  return isAlone ? new Uint8Array(buffer, byteOffset, byteLength) : new Uint8Array(bytes);
}

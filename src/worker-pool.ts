import { setTimeout as delay } from "node:timers/promises";
import { type ResourceLimits, Worker } from "node:worker_threads";
import { type ErrorCode, toVigilError, VigilError } from "./errors.ts";

/** What a worker thread posts: once `ready`, or `refused` when it cannot start; then one answer for each request. */
export type WorkerMessage<Response, Ready> =
  | { type: "ready"; ready: Ready }
  | { type: "refused"; code: ErrorCode; message: string }
  | { type: "answer"; answer: Response }
  /** Without a code it is the pool's own. */
  | { type: "error"; code?: ErrorCode; message: string };

/** After which a thread that still works on its last request is given up. */
const LONGEST_LAST_REQUEST_MS = 30_000;

export interface WorkerPoolOptions<Ready> {
  script: URL;
  size: number;
  /** What the threads do, as messages say it ("the inference"), and the code when one fails at it. */
  purpose: string;
  failureCode: ErrorCode;
  /** A thread may be ended in the middle of a request; onnxruntime takes the whole process down then. */
  terminable?: boolean;
  resourceLimits?: ResourceLimits;
  /**
   * A thread takes time to start: another one is started only when all of them together have worked so long that it
   * will pay. At once when absent.
   */
  growsAfterMs?: number;
  /** What a thread starts with; the later ones may build on what the first one said. */
  workerData(first?: Ready): unknown;
}

export interface RequestLimits {
  /** The thread that still works on the request then is ended; only in a pool whose threads are terminable. */
  deadlineMs?: number;
  /** What the request is about, for messages; else the purpose of the pool. */
  subject?: string;
}

interface Job<Request, Response> {
  request: Request;
  transfer: ArrayBuffer[];
  limits: RequestLimits;
  timer?: NodeJS.Timeout;
  startedAt: number;
  resolve(answer: Response): void;
  reject(error: VigilError): void;
}

/**
 * Worker threads that answer one request each at a time. A thread that dies fails the request it was working on and is
 * replaced when the next one comes.
 */
export class WorkerPool<Request, Response, Ready> {
  /** What the first thread said of itself. */
  readonly ready: Ready;
  readonly #options: WorkerPoolOptions<Ready>;
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();
  readonly #queue: Job<Request, Response>[] = [];
  readonly #running = new Map<Worker, Job<Request, Response>>();
  #starting = 0;
  /** Of all requests that are done. */
  #workedMs = 0;
  #askAgain: NodeJS.Timeout | undefined;
  #stopped = false;

  private constructor(ready: Ready, options: WorkerPoolOptions<Ready>) {
    this.ready = ready;
    this.#options = options;
  }

  /** @throws VigilError when the first thread refuses to start; the others start when they are needed */
  static async start<Request, Response, Ready>(
    options: WorkerPoolOptions<Ready>,
  ): Promise<WorkerPool<Request, Response, Ready>> {
    const { worker, ready } = await startWorker<Response, Ready>(options, options.workerData());
    const pool = new WorkerPool<Request, Response, Ready>(ready, options);
    pool.#adopt(worker);
    return pool;
  }

  /**
   * Hands a request to the next free thread; the buffers in `transfer` move there.
   * @throws VigilError the thread's own, the pool's failure code; interrupted when the signal aborts or the pool stops
   */
  async run(
    request: Request,
    transfer: ArrayBuffer[],
    signal?: AbortSignal,
    limits: RequestLimits = {},
  ): Promise<Response> {
    if (this.#stopped || signal?.aborted) throw this.#interrupted();
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const job = { request, transfer, limits, startedAt: 0, resolve, reject };
    // A request that a thread has begun runs to its end; its answer goes nowhere.
    const abort = () => {
      const waiting = this.#queue.indexOf(job);
      if (waiting !== -1) this.#queue.splice(waiting, 1);
      reject(this.#interrupted());
    };
    signal?.addEventListener("abort", abort, { once: true });
    this.#queue.push(job);
    this.#dispatch();
    try {
      return await promise;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Ends all threads; requests that wait or run fail with `interrupted`. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#askAgain);
    for (const job of [...this.#queue.splice(0), ...this.#running.values()]) job.reject(this.#interrupted());
    await Promise.all([...this.#all].map((worker) => this.#end(worker)));
  }

  /** Lets a thread that must not be broken off finish its request. */
  async #end(worker: Worker): Promise<void> {
    if (this.#running.has(worker) && !this.#options.terminable) {
      const finished = new Promise((resolve) => worker.once("message", resolve).once("exit", resolve));
      await Promise.race([finished, delay(LONGEST_LAST_REQUEST_MS, undefined, { ref: false })]);
    }
    await worker.terminate();
  }

  #dispatch(): void {
    while (this.#queue.length > 0 && this.#idle.length > 0) {
      const worker = this.#idle.pop()!;
      const job = this.#queue.shift()!;
      try {
        worker.postMessage(job.request, job.transfer);
      } catch (error) {
        this.#idle.push(worker);
        job.reject(toVigilError(error));
        continue;
      }
      job.startedAt = performance.now();
      this.#running.set(worker, job);
      this.#watch(worker, job);
    }
    while (this.#queue.length > this.#starting && this.#mayGrow()) void this.#grow();
  }

  #mayGrow(): boolean {
    const threads = this.#all.size + this.#starting;
    if (threads === 0) return true;
    if (threads >= this.#options.size) return false;
    const now = performance.now();
    const runningMs = [...this.#running.values()].reduce((sum, { startedAt }) => sum + now - startedAt, 0);
    const missingMs = (this.#options.growsAfterMs ?? 0) - this.#workedMs - runningMs;
    // Whatever runs may take long: then nothing else would ask again.
    if (missingMs > 0 && !this.#askAgain) {
      this.#askAgain = setTimeout(() => {
        this.#askAgain = undefined;
        this.#dispatch();
      }, missingMs).unref();
    }
    return missingMs <= 0;
  }

  #watch(worker: Worker, job: Job<Request, Response>): void {
    const { deadlineMs } = job.limits;
    if (deadlineMs === undefined || !this.#options.terminable) return;
    job.timer = setTimeout(() => {
      this.#died(worker, `not done after ${(deadlineMs / 1000).toFixed(1)} s`);
      void worker.terminate();
    }, deadlineMs);
  }

  async #grow(): Promise<void> {
    this.#starting++;
    try {
      const { worker } = await startWorker<Response, Ready>(this.#options, this.#options.workerData(this.ready));
      this.#starting--;
      if (this.#stopped) await worker.terminate();
      else this.#adopt(worker);
    } catch (error) {
      this.#starting--;
      // Without any thread nothing would ever answer; with others alive the request waits for one of them.
      if (this.#all.size === 0) this.#queue.shift()?.reject(toVigilError(error));
    }
    this.#dispatch();
  }

  #adopt(worker: Worker): void {
    this.#all.add(worker);
    this.#idle.push(worker);
    worker.on("message", (message: WorkerMessage<Response, Ready>) => this.#answered(worker, message));
    worker.on("error", (error) => this.#died(worker, error.message));
    worker.on("exit", (code) => this.#died(worker, `exit code ${code}`));
  }

  #answered(worker: Worker, message: WorkerMessage<Response, Ready>): void {
    // Of a thread that was given up in the meantime.
    if (!this.#all.has(worker)) return;
    const job = this.#finished(worker);
    this.#idle.push(worker);
    if (message.type === "answer") job?.resolve(message.answer);
    if (message.type === "error")
      job?.reject(new VigilError(message.code ?? this.#options.failureCode, message.message));
    this.#dispatch();
  }

  #died(worker: Worker, why: string): void {
    if (!this.#all.delete(worker)) return;
    const idle = this.#idle.indexOf(worker);
    if (idle !== -1) this.#idle.splice(idle, 1);
    const { failureCode, purpose } = this.#options;
    const job = this.#finished(worker);
    job?.reject(new VigilError(failureCode, `${job.limits.subject ?? purpose}: its thread ended: ${why}`));
    if (!this.#stopped) this.#dispatch();
  }

  #finished(worker: Worker): Job<Request, Response> | undefined {
    const job = this.#running.get(worker);
    this.#running.delete(worker);
    if (job !== undefined) this.#workedMs += performance.now() - job.startedAt;
    clearTimeout(job?.timer);
    return job;
  }

  #interrupted(): VigilError {
    return new VigilError("interrupted", `${this.#options.purpose} was interrupted before it was done`);
  }
}

function startWorker<Response, Ready>(options: WorkerPoolOptions<Ready>, workerData: unknown) {
  const { script, resourceLimits, failureCode, purpose } = options;
  const worker = new Worker(script, { workerData, resourceLimits });
  return new Promise<{ worker: Worker; ready: Ready }>((resolve, reject) => {
    const started = (message: WorkerMessage<Response, Ready>) => {
      worker.off("error", failed).off("exit", ended);
      if (message.type === "ready") return resolve({ worker, ready: message.ready });
      void worker.terminate();
      if (message.type === "refused") reject(new VigilError(message.code, message.message));
    };
    const failed = (cause: Error) => {
      reject(new VigilError(failureCode, `${purpose}: its thread could not start: ${cause.message}`, { cause }));
    };
    const ended = (code: number) => {
      reject(new VigilError(failureCode, `${purpose}: its thread ended while it started (exit code ${code})`));
    };
    worker.once("message", started).once("error", failed).once("exit", ended);
  });
}

import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { toVigilError, VigilError } from "./errors.ts";

/** What a worker thread posts: once `ready`, or `refused` when it cannot start; then one answer for each request. */
export type WorkerMessage<Response, Ready> =
  | { type: "ready"; ready: Ready }
  | { type: "refused"; code: VigilError["code"]; message: string }
  | { type: "answer"; answer: Response }
  | { type: "error"; message: string };

/** After which a thread that still works on its last request is given up. */
const LONGEST_LAST_REQUEST_MS = 30_000;

export interface WorkerPoolOptions<Ready> {
  script: URL;
  size: number;
  /** What a thread starts with; the later ones may build on what the first one said. */
  workerData(first?: Ready): unknown;
}

interface Job<Request, Response> {
  request: Request;
  transfer: ArrayBuffer[];
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
  #stopped = false;

  private constructor(ready: Ready, options: WorkerPoolOptions<Ready>) {
    this.ready = ready;
    this.#options = options;
  }

  /** @throws VigilError when the first thread refuses to start; the others start when they are needed */
  static async start<Request, Response, Ready>(
    options: WorkerPoolOptions<Ready>,
  ): Promise<WorkerPool<Request, Response, Ready>> {
    const { worker, ready } = await startWorker<Response, Ready>(options.script, options.workerData());
    const pool = new WorkerPool<Request, Response, Ready>(ready, options);
    pool.#adopt(worker);
    return pool;
  }

  /**
   * Hands a request to the next free thread; the buffers in `transfer` move there.
   * @throws VigilError inference-failed; interrupted when the signal aborts or the pool stops
   */
  async run(request: Request, transfer: ArrayBuffer[], signal?: AbortSignal): Promise<Response> {
    if (this.#stopped || signal?.aborted) throw interrupted();
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const job = { request, transfer, resolve, reject };
    // A request that a thread has begun runs to its end; its answer goes nowhere.
    const abort = () => {
      const waiting = this.#queue.indexOf(job);
      if (waiting !== -1) this.#queue.splice(waiting, 1);
      reject(interrupted());
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
    for (const job of [...this.#queue.splice(0), ...this.#running.values()]) job.reject(interrupted());
    await Promise.all([...this.#all].map((worker) => this.#end(worker)));
  }

  /** Lets the thread finish its request: onnxruntime aborts the whole process when its thread ends inside run(). */
  async #end(worker: Worker): Promise<void> {
    if (this.#running.has(worker)) {
      const finished = new Promise((resolve) => worker.once("message", resolve).once("exit", resolve));
      await Promise.race([finished, delay(LONGEST_LAST_REQUEST_MS, undefined, { ref: false })]);
    }
    await worker.terminate();
  }

  #dispatch(): void {
    while (this.#queue.length > 0 && this.#idle.length > 0) {
      const worker = this.#idle.pop()!;
      const job = this.#queue.shift()!;
      this.#running.set(worker, job);
      worker.postMessage(job.request, job.transfer);
    }
    while (this.#queue.length > this.#starting && this.#all.size + this.#starting < this.#options.size)
      void this.#grow();
  }

  async #grow(): Promise<void> {
    const { script, workerData } = this.#options;
    this.#starting++;
    try {
      const { worker } = await startWorker<Response, Ready>(script, workerData(this.ready));
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
    const job = this.#running.get(worker);
    this.#running.delete(worker);
    this.#idle.push(worker);
    if (message.type === "answer") job?.resolve(message.answer);
    if (message.type === "error") job?.reject(new VigilError("inference-failed", message.message));
    this.#dispatch();
  }

  #died(worker: Worker, why: string): void {
    if (!this.#all.delete(worker)) return;
    const idle = this.#idle.indexOf(worker);
    if (idle !== -1) this.#idle.splice(idle, 1);
    this.#running.get(worker)?.reject(new VigilError("inference-failed", `an inference thread ended: ${why}`));
    this.#running.delete(worker);
    if (!this.#stopped) this.#dispatch();
  }
}

function interrupted(): VigilError {
  return new VigilError("interrupted", "the inference was interrupted before it was done");
}

function startWorker<Response, Ready>(script: URL, workerData: unknown) {
  const worker = new Worker(script, { workerData });
  return new Promise<{ worker: Worker; ready: Ready }>((resolve, reject) => {
    const started = (message: WorkerMessage<Response, Ready>) => {
      worker.off("error", failed).off("exit", ended);
      if (message.type === "ready") return resolve({ worker, ready: message.ready });
      void worker.terminate();
      if (message.type === "refused") reject(new VigilError(message.code, message.message));
    };
    const failed = (cause: Error) => {
      reject(new VigilError("inference-failed", `an inference thread could not start: ${cause.message}`, { cause }));
    };
    const ended = (code: number) => {
      reject(new VigilError("inference-failed", `an inference thread ended while it started (exit code ${code})`));
    };
    worker.once("message", started).once("error", failed).once("exit", ended);
  });
}

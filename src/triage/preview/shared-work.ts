/** Work that many may ask for at once and that is done once; it ends when none of them waits for it any more. */
interface Work<Value> {
  promise: Promise<Value>;
  waiting: number;
  stop: AbortController;
}

/**
 * Answers from memory, else does the work: a few at a time, so that a list which is scrolled fast floods nobody. What
 * nobody waits for any more is broken off, or never begun.
 */
export class SharedWork<Value> {
  readonly #atOnce: number;
  readonly #mostKept: number;
  /** Least recently used first. */
  readonly #kept = new Map<string, Value>();
  readonly #working = new Map<string, Work<Value>>();
  readonly #queue: (() => void)[] = [];
  #active = 0;

  constructor(limits: { atOnce: number; mostKept: number }) {
    this.#atOnce = limits.atOnce;
    this.#mostKept = limits.mostKept;
  }

  /** How many values are kept, are being made, and wait for their turn. */
  get counts(): { kept: number; active: number; waiting: number } {
    return { kept: this.#kept.size, active: this.#active, waiting: this.#queue.length };
  }

  /** @throws whatever the work throws, which is not kept; the signal's reason when it aborts */
  async get(key: string, work: (signal: AbortSignal) => Promise<Value>, signal: AbortSignal): Promise<Value> {
    signal.throwIfAborted();
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      this.#keep(key, kept);
      return kept;
    }
    const shared = this.#working.get(key) ?? this.#begin(key, work);
    shared.waiting++;
    const { promise: left, reject: leave } = Promise.withResolvers<never>();
    const onAbort = () => leave(signal.reason);
    signal.addEventListener("abort", onAbort);
    try {
      return await Promise.race([shared.promise, left]);
    } finally {
      signal.removeEventListener("abort", onAbort);
      shared.waiting--;
      // Whoever asks next begins anew.
      if (shared.waiting === 0 && this.#end(key, shared)) shared.stop.abort();
    }
  }

  #begin(key: string, work: (signal: AbortSignal) => Promise<Value>): Work<Value> {
    const stop = new AbortController();
    const promise = this.#inTurn(work, stop.signal).then((value) => {
      this.#keep(key, value);
      return value;
    });
    const begun = { promise, waiting: 0, stop };
    this.#working.set(key, begun);
    const end = () => this.#end(key, begun);
    // What went wrong is told to those who wait.
    promise.then(end, end);
    return begun;
  }

  /** @returns whether it was still going on */
  #end(key: string, work: Work<Value>): boolean {
    return this.#working.get(key) === work && this.#working.delete(key);
  }

  async #inTurn(work: (signal: AbortSignal) => Promise<Value>, signal: AbortSignal): Promise<Value> {
    await this.#enter(signal);
    try {
      signal.throwIfAborted();
      return await work(signal);
    } finally {
      this.#leave();
    }
  }

  async #enter(signal: AbortSignal): Promise<void> {
    if (this.#active < this.#atOnce) {
      this.#active++;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#queue.push(resolve);
    signal.addEventListener("abort", () => {
      const index = this.#queue.indexOf(resolve);
      if (index >= 0) this.#queue.splice(index, 1);
      reject(signal.reason);
    });
    await promise;
  }

  /** The place goes to whoever has waited longest. */
  #leave(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#active--;
    else next();
  }

  #keep(key: string, value: Value): void {
    this.#kept.delete(key);
    this.#kept.set(key, value);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#mostKept) break;
      this.#kept.delete(oldest);
    }
  }
}

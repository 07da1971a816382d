import { setTimeout as delay } from "node:timers/promises";
import { backoffMs } from "../backoff.ts";
import { VigilError } from "../errors.ts";
import type { HttpAnswer, RequestGate } from "./http.ts";

export interface GateOptions {
  /** Requests in flight. */
  mostAtOnce: number;
  /** Of answers, on average; no limit when absent. */
  bytesPerSecond?: number | undefined;
}

const BUSY = [429, 503];
const PAUSE = { firstMs: 500, maxMs: 60_000 };
const LONGEST_PAUSE_ASKED_FOR_S = 600;

/**
 * Keeps the load on a server within limits: so many requests in flight, so many bytes a second. A server that says that
 * it is busy is left alone for as long as it asks (Retry-After), or longer each time, and asked one by one until it answers.
 */
export class LoadLimit implements RequestGate {
  /** So far. */
  readonly measured = { requests: 0, bytes: 0, mostInFlight: 0, busy: 0 };
  readonly #options: GateOptions;
  readonly #waiting: (() => void)[] = [];
  #inFlight = 0;
  /** In a row. */
  #busyAnswers = 0;
  #closedUntil = 0;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  async pass(send: () => Promise<HttpAnswer>, signal: AbortSignal | undefined): Promise<HttpAnswer> {
    await this.#enter(signal);
    try {
      await this.#pause(signal);
      this.measured.requests += 1;
      const answer = await send();
      this.#learn(answer);
      return answer;
    } finally {
      this.#inFlight -= 1;
      this.#admit();
    }
  }

  #enter(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = () => {
        signal?.removeEventListener("abort", giveUp);
        resolve();
      };
      const giveUp = () => {
        const place = this.#waiting.indexOf(enter);
        if (place !== -1) this.#waiting.splice(place, 1);
        reject(interrupted(signal?.reason));
      };
      if (signal?.aborted) return giveUp();
      signal?.addEventListener("abort", giveUp, { once: true });
      this.#waiting.push(enter);
      this.#admit();
    });
  }

  #admit(): void {
    const most = this.#busyAnswers > 0 ? 1 : this.#options.mostAtOnce;
    while (this.#inFlight < most && this.#waiting.length > 0) {
      this.#inFlight += 1;
      this.measured.mostInFlight = Math.max(this.measured.mostInFlight, this.#inFlight);
      this.#waiting.shift()!();
    }
  }

  async #pause(signal: AbortSignal | undefined): Promise<void> {
    for (let ms = this.#msClosed(); ms > 0; ms = this.#msClosed()) {
      await delay(ms, undefined, { signal }).catch((cause) => {
        throw interrupted(cause);
      });
    }
  }

  #msClosed(): number {
    return Math.ceil(this.#closedUntil - performance.now());
  }

  #learn({ status, headers, body }: HttpAnswer): void {
    const now = performance.now();
    this.measured.bytes += body.length;
    const { bytesPerSecond } = this.#options;
    if (bytesPerSecond !== undefined) {
      this.#closedUntil = Math.max(now, this.#closedUntil) + (1000 * body.length) / bytesPerSecond;
    }
    if (!BUSY.includes(status)) {
      this.#busyAnswers = 0;
      return;
    }
    this.#busyAnswers += 1;
    this.measured.busy += 1;
    const askedForS = Number(headers.get("retry-after") ?? Number.NaN);
    const asked = askedForS > 0 ? 1000 * Math.min(askedForS, LONGEST_PAUSE_ASKED_FOR_S) : 0;
    this.#closedUntil = Math.max(this.#closedUntil, now + Math.max(asked, backoffMs(this.#busyAnswers, PAUSE)));
  }
}

function interrupted(cause: unknown): VigilError {
  return new VigilError("interrupted", "a request to the PACS was given up before it was sent", { cause });
}

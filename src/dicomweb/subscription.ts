import { setTimeout as delay } from "node:timers/promises";
import { backoffMs } from "../backoff.ts";
import type { StudyNews } from "../contract/study-news.ts";
import { toVigilError, type VigilError } from "../errors.ts";

const LONGEST_PAUSE_MS = 30_000;

export type Announce = (studyInstanceUid: string, news: StudyNews) => Promise<void>;

export interface SubscriptionOptions {
  intervalMs: number;
  /** Asks once for news. */
  poll: (signal: AbortSignal) => Promise<void>;
  /** Polling works (again): called after the first success and after the first one that follows a failure. */
  onUp: () => void;
  /** Polling has just begun to fail. */
  onDown: (error: VigilError) => void;
}

/** Polls for ever, ever more slowly while it fails, and goes on by itself when it works again. */
export class Subscription {
  readonly #options: SubscriptionOptions;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: SubscriptionOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run(this.#stopping.signal);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { intervalMs, poll, onUp, onDown } = this.#options;
    let up: boolean | undefined;
    let failures = 0;
    while (!signal.aborted) {
      try {
        await poll(signal);
        failures = 0;
        if (up !== true) onUp();
        up = true;
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        if (up !== false) onDown(toVigilError(error));
        up = false;
      }
      const pauseMs =
        failures === 0 ? intervalMs : backoffMs(failures, { firstMs: intervalMs, maxMs: LONGEST_PAUSE_MS });
      await delay(pauseMs, undefined, { signal }).catch(() => {});
    }
  }
}

import type { Request, Response } from "express";
import { VigilError } from "../errors.ts";

const CHANGES_PER_MINUTE = 30;
const MINUTE_MS = 60_000;
/** Of all that are counted at a time; beyond it the oldest are forgotten. */
const MOST_COUNTED = 10_000;

interface Count {
  changes: number;
  /** By performance.now(). */
  endsAtMs: number;
}

/** Counts what one client changes about one study: a reader never comes near the limit, a program gone wrong does. */
export class ChangeLimit {
  /** By client and study, oldest first. */
  readonly #counts = new Map<string, Count>();

  /** A guard for routes with a `uid`. @throws VigilError too-many-requests, with Retry-After on its way */
  readonly guard = (request: Request, response: Response): void => {
    const waitS = this.#count(`${request.socket.remoteAddress} ${String(request.params.uid).slice(0, 64)}`);
    if (waitS === 0) return;
    response.set("retry-after", String(waitS));
    const message = `more than ${CHANGES_PER_MINUTE} changes of one study in a minute; come back in ${waitS} s`;
    throw new VigilError("too-many-requests", message);
  };

  /** How many are counted. */
  get size(): number {
    return this.#counts.size;
  }

  /** @returns seconds to wait, 0 = none */
  #count(key: string): number {
    const now = performance.now();
    const count = this.#counts.get(key);
    if (count === undefined || count.endsAtMs <= now) {
      this.#counts.delete(key);
      this.#counts.set(key, { changes: 1, endsAtMs: now + MINUTE_MS });
      for (const oldest of this.#counts.keys()) {
        if (this.#counts.size <= MOST_COUNTED) break;
        this.#counts.delete(oldest);
      }
      return 0;
    }
    count.changes += 1;
    return count.changes <= CHANGES_PER_MINUTE ? 0 : Math.ceil((count.endsAtMs - now) / 1000);
  }
}

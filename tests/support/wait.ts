import { setTimeout as delay } from "node:timers/promises";

export interface WaitOptions {
  timeoutMs?: number;
  /** Between two looks. */
  intervalMs?: number;
  /** What there is instead, for the message; asked when the waiting is given up. */
  seen?: () => unknown;
}

/**
 * Looks until there is something, and returns it.
 * @throws Error that says what was waited for, and what was seen instead
 */
export async function waitUntil<T>(
  what: string,
  check: () => T | false | undefined | Promise<T | false | undefined>,
  { timeoutMs = 30_000, intervalMs = 50, seen }: WaitOptions = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await check();
    if (found !== false && found !== undefined) return found;
    if (Date.now() > deadline) {
      const instead = seen === undefined ? "" : `; there is ${JSON.stringify(seen(), null, 2)}`;
      throw new Error(`gave up waiting for ${what} after ${timeoutMs / 1000} s${instead}`);
    }
    await delay(intervalMs);
  }
}

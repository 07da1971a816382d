export interface BackoffOptions {
  firstMs: number;
  maxMs: number;
}

/**
 * How long to wait before trying again after `attempt` failures (from 1): doubles each time up to a maximum, and
 * half of it is left to chance, so that many clients of one server do not come back at the same moment.
 */
export function backoffMs(attempt: number, { firstMs, maxMs }: BackoffOptions): number {
  const full = Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, 30));
  return full / 2 + (full / 2) * Math.random();
}

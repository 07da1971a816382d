/** Passes at most one call per interval on to `action` and drops the others. */
export function throttled<A extends unknown[]>(intervalMs: number, action: (...args: A) => void): (...args: A) => void {
  let lastCallAt = Number.NEGATIVE_INFINITY;
  return (...args) => {
    const now = performance.now();
    if (now - lastCallAt < intervalMs) return;
    lastCallAt = now;
    action(...args);
  };
}

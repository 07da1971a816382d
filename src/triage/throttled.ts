/** Calls `action` at most once per interval, always with the newest arguments when it is called. */
export function throttled<A extends unknown[]>(intervalMs: number, action: (...args: A) => void): (...args: A) => void {
  let lastCallAt = Number.NEGATIVE_INFINITY;
  return (...args) => {
    const now = performance.now();
    if (now - lastCallAt < intervalMs) return;
    lastCallAt = now;
    action(...args);
  };
}

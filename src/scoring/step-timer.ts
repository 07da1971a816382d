import { emptyTimings, type Timings } from "../contract/timings.ts";

type Step = Exclude<keyof Timings, "totalMs">;

/** Times the steps of one study: steps follow each other, so that they never add up to more than the whole. */
export class StepTimer {
  readonly #timings = emptyTimings();
  readonly #startedAt = performance.now();

  async time<T>(step: Step, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    try {
      return await work();
    } finally {
      this.add(step, performance.now() - startedAt);
    }
  }

  add(step: Step, ms: number): void {
    this.#timings[step] += ms;
  }

  get timings(): Timings {
    return { ...this.#timings, totalMs: performance.now() - this.#startedAt };
  }
}

/** Writing the report comes after the result that holds the times. */
export function timeReport<T>({ timings }: { timings: Timings }, write: () => T): T {
  const startedAt = performance.now();
  const written = write();
  const ms = performance.now() - startedAt;
  timings.reportMs += ms;
  timings.totalMs += ms;
  return written;
}

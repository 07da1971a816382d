import { clip, columnsOf } from "./print.ts";

/** Shows how far a long step is. */
export interface Progress {
  update(done: number, total?: number): void;
  /** Instead of numbers. */
  say(text: string): void;
  done(): void;
}

/** A terminal need not be written to more often. */
const BETWEEN_WRITES_MS = 100;

/** A line on stderr with rate and time left; silent where stderr is not a terminal. */
export function progressBar(what: string): Progress {
  const visible = process.stderr.isTTY;
  let startedAt: number | undefined;
  let writtenAt = Number.NEGATIVE_INFINITY;
  const write = (text: string) => {
    if (visible) process.stderr.write(`\r\u001b[K${clip(text, columnsOf(process.stderr) - 1)}`);
  };
  return {
    update: (done, total) => {
      const now = performance.now();
      startedAt ??= now;
      if (now - writtenAt < BETWEEN_WRITES_MS && done !== total) return;
      writtenAt = now;
      write(progressText(what, done, total, (now - startedAt) / 1000));
    },
    say: (text) => write(`${what}${text}`),
    done: () => write(""),
  };
}

/** Nothing is foretold from less than this. */
const FIRST_SECONDS = 2;

/** Such as `scoring 40/120, 9.8/s, 8 s left`. */
export function progressText(what: string, done: number, total: number | undefined, seconds: number): string {
  const parts = [`${what} ${done}${total === undefined ? "" : `/${total}`}`];
  if (seconds >= FIRST_SECONDS && done > 0) {
    const perSecond = done / seconds;
    parts.push(`${perSecond >= 100 ? Math.round(perSecond) : perSecond.toFixed(1)}/s`);
    if (total !== undefined && total > done) parts.push(`${duration((total - done) / perSecond)} left`);
  }
  return parts.join(", ");
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Shows a line of progress while something is done. */
export async function withProgress<T>(what: string, work: (update: Progress["update"]) => Promise<T>): Promise<T> {
  const progress = progressBar(what);
  try {
    return await work(progress.update);
  } finally {
    progress.done();
  }
}

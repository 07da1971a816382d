import { clip, columnsOf } from "./print.ts";

/** A line on stderr that shows how far a long step is; silent where stderr is not a terminal. */
export function progressBar(what: string): {
  update(done: number, total?: number): void;
  say(text: string): void;
  done(): void;
} {
  const visible = process.stderr.isTTY;
  const write = (text: string) => {
    if (visible) process.stderr.write(`\r\u001b[K${clip(text, columnsOf(process.stderr) - 1)}`);
  };
  return {
    update: (done, total) => write(`${what} ${done}${total === undefined ? "" : `/${total}`}`),
    say: (text) => write(`${what}${text}`),
    done: () => write(""),
  };
}

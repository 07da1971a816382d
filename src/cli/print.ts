import { type StatusSource, type StatusWords, statusWords } from "../contract/words.ts";

/** The result on stdout: one JSON object with --json, text for people without. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

export function printLine(line = ""): void {
  process.stdout.write(`${line}\n`);
}

const colours = { red: 31, green: 32, yellow: 33, cyan: 36, grey: 90, bold: 1 } as const;
export type Colour = keyof typeof colours;

export function colour(name: Colour, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return stream.isTTY && !process.env.NO_COLOR ? `\u001b[${colours[name]}m${text}\u001b[0m` : text;
}

/** Columns of a terminal; elsewhere lines are as long as they are. */
export function columnsOf(stream: NodeJS.WriteStream = process.stdout): number {
  return stream.isTTY ? Math.max(40, stream.columns || 80) : Number.POSITIVE_INFINITY;
}

/** Cuts what does not fit, and shows that it did. For text without colours. */
export function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** Cuts in the middle: of a UID, beginning and end tell it from others. */
export function clipMiddle(text: string, width: number): string {
  if (text.length <= width) return text;
  const kept = Math.max(2, width - 1);
  return `${text.slice(0, Math.floor(kept / 2))}…${text.slice(text.length - Math.ceil(kept / 2))}`;
}

/** Breaks a text between words, for a first line that begins after `first` columns and others after `indent`. */
export function wrap(text: string, first: number, indent = first, width = columnsOf()): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const room = width - (lines.length === 0 ? first : indent);
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${" ".repeat(indent)}`);
}

const TONE_COLOUR: Record<StatusWords["tone"], Colour> = {
  critical: "red",
  undetermined: "yellow",
  negative: "green",
  pending: "grey",
  "not-analysed": "grey",
  failed: "red",
};

/** A verdict as colour, shape and words, cut to a width. */
export function statusText(study: StatusSource, stream?: NodeJS.WriteStream, width = Number.POSITIVE_INFINITY): string {
  return toneText(statusWords(study), stream, width);
}

export function toneText(
  { tone, symbol, text }: StatusWords,
  stream?: NodeJS.WriteStream,
  width = Number.POSITIVE_INFINITY,
): string {
  return colour(TONE_COLOUR[tone], clip(`${symbol} ${text}`, width), stream);
}

import { t } from "../../../src/contract/translate.ts";
import type { WorklistItem } from "../../../src/contract/worklist.ts";
import { language } from "../i18n/current-language.ts";

/** Who reads a study, and what they said: unread -> being read by X -> agreed or disagreed by X at a time. */

type ReadState = Pick<WorklistItem, "read" | "reading">;

export interface ReadWords {
  tone: "reading" | "agreed" | "disagreed";
  symbol: string;
  text: string;
}

/** undefined: nobody has opened it. */
export function readWords({ read, reading }: ReadState, now = new Date()): ReadWords | undefined {
  if (reading !== null) {
    const values = { reader: reading.reader, time: timeWords(reading.since, now) };
    return { tone: "reading", symbol: "◔", text: t("being read by {reader} since {time}", values) };
  }
  if (read === null) return undefined;
  const values = { reader: read.reader ?? "", time: timeWords(read.at, now) };
  if (read.decision === "agreed") {
    const text = read.reader === null ? t("agreed {time}", values) : t("agreed by {reader} {time}", values);
    return { tone: "agreed", symbol: "✓", text };
  }
  const text = read.reader === null ? t("disagreed {time}", values) : t("disagreed by {reader} {time}", values);
  return { tone: "disagreed", symbol: "✗", text };
}

/** "14:05"; with the date where it was not today. */
export function timeWords(at: string, now: Date): string {
  const date = new Date(at);
  const time = date.toLocaleTimeString(language.get(), { hour: "2-digit", minute: "2-digit", hour12: false });
  if (date.toDateString() === now.toDateString()) return time;
  return `${date.toLocaleDateString(language.get(), { day: "numeric", month: "short" })} ${time}`;
}

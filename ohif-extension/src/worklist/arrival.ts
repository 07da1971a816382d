import { t } from "../../../src/contract/translate.ts";
import type { WorklistItem } from "../../../src/contract/worklist.ts";
import { language } from "../i18n/current-language.ts";
import { createStore } from "../ui/store.ts";

/** Milliseconds since the epoch; goes on while the list is on the screen. */
export const clock = createStore(Date.now());

const TICK_MS = 10_000;

export function startClock(): () => void {
  const tick = () => clock.set(Date.now());
  tick();
  const timer = setInterval(tick, TICK_MS);
  return () => clearInterval(timer);
}

/** "40 s", "14 min", "3 h", "5 d": whole units, never rounded up. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return t("{days} d", { days: Math.floor(seconds / 86_400) });
}

/** When the study arrived, and how long it took to flag it. */
export function arrivalWords({ receivedAt, flaggedAt }: Pick<WorklistItem, "receivedAt" | "flaggedAt">): string {
  const at = new Date(receivedAt).toLocaleString(language.get());
  if (flaggedAt === null) return t("Arrived {at}, no result yet", { at });
  const time = duration(Date.parse(flaggedAt) - Date.parse(receivedAt));
  return t("Arrived {at}, result after {time}", { at, time });
}

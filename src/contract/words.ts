import type { Laterality, Presence } from "./finding.ts";
import type { Label } from "./labels.ts";
import { REASON_TEXT } from "./reasons.ts";
import type { Flag, NotAnalysedReason, StudyState } from "./study-state.ts";

/** How results are put into words and shapes, the same in the list, the panel, the image and the report. */

export const LABEL_NAME: Record<Label, string> = {
  epidural: "Epidural",
  intraparenchymal: "Intraparenchymal",
  intraventricular: "Intraventricular",
  subarachnoid: "Subarachnoid",
  subdural: "Subdural",
  any: "Any haemorrhage",
};

export const LABEL_ABBREVIATION: Record<Label, string> = {
  epidural: "EDH",
  intraparenchymal: "IPH",
  intraventricular: "IVH",
  subarachnoid: "SAH",
  subdural: "SDH",
  any: "ICH",
};

export const PRESENCE_WORD: Record<Presence, string> = {
  present: "Present",
  absent: "Absent",
  undetermined: "Undetermined",
};

/** A result is never told by colour alone: tone, symbol and words always come together. */
export interface StatusWords {
  tone: "critical" | "undetermined" | "negative" | "pending" | "not-analysed" | "failed";
  symbol: string;
  text: string;
}

/** What decides the words; both the work list's items and the study's full result have these. */
export interface StatusSource {
  state: StudyState;
  flag: Flag;
  reason: NotAnalysedReason | null;
  /** What was not seen, in few words each. */
  notSeen: readonly string[];
  progress?: { done: number; total: number } | null;
}

export function statusWords(study: StatusSource): StatusWords {
  if (study.state === "failed") return { tone: "failed", symbol: "⚠", text: "Failed" };
  switch (study.flag) {
    case "critical":
      return { tone: "critical", symbol: "▲", text: "Critical" };
    case "undetermined":
      return { tone: "undetermined", symbol: "◆", text: `Undetermined${notSeenText(study.notSeen)}` };
    case "negative":
      return { tone: "negative", symbol: "✓", text: "No bleed found" };
    case "not-analysed": {
      const why = study.reason === null ? "" : `: ${REASON_TEXT[study.reason]}`;
      return { tone: "not-analysed", symbol: "⊘", text: `Not analysed${why}` };
    }
    case "pending":
      return { tone: "pending", symbol: "◴", text: pendingText(study) };
  }
}

function pendingText({ state, progress }: StatusSource): string {
  if (state !== "scoring") return "Waiting for images";
  return progress ? `Scoring ${progress.done}/${progress.total}` : "Scoring";
}

/** "": everything was seen; ": 7 slices not read" and how many more things were not. */
function notSeenText([first, ...others]: readonly string[]): string {
  if (first === undefined) return "";
  return `: ${first}${others.length === 0 ? "" : ` and ${others.length} more`}`;
}

/** The answer to "does this patient bleed?", where there is room for more than a flag. */
export const VERDICT_WORDS: Record<Presence, StatusWords> = {
  present: { tone: "critical", symbol: "▲", text: "Haemorrhage likely" },
  undetermined: { tone: "undetermined", symbol: "◆", text: "Haemorrhage undetermined" },
  absent: { tone: "negative", symbol: "✓", text: "No bleed found" },
};

/** Whole per cent; never rounds to a certainty that the model does not have. */
export function percent(probability: number): string {
  if (probability > 0 && probability < 0.005) return "<1 %";
  if (probability < 1 && probability >= 0.995) return ">99 %";
  return `${Math.round(probability * 100)} %`;
}

const SIDE_WORD: Record<Laterality, string> = {
  left: "left",
  right: "right",
  bilateral: "both sides",
  midline: "midline",
};

export function sideWord(laterality: Laterality | null): string {
  return laterality === null ? "" : SIDE_WORD[laterality];
}

/** ["a", "b", "c"] -> "a, b and c" */
export function joined(words: string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** Runs of neighbouring numbers: [3, 4, 5, 9] -> "3–5, 9" */
export function numberRanges(numbers: number[]): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const number of sorted) {
    const last = runs.at(-1);
    if (last !== undefined && number === last[1] + 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(", ");
}

export function milliseconds(ms: number): string {
  return ms < 950 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

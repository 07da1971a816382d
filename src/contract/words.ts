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
  const flag = sayableFlag(study);
  if (study.state === "failed") {
    // An earlier "critical" stands until a score that worked says otherwise.
    if (flag === "critical") {
      const details = [notSeenText(study.notSeen), RESCORE_FAILED].filter((detail) => detail !== "");
      return withDetail(FLAG_WORDS.critical, " · ", details.join(" · "));
    }
    return { tone: "failed", symbol: "⚠", text: "Failed" };
  }
  switch (flag) {
    case "critical":
      return withDetail(FLAG_WORDS.critical, " · ", notSeenText(study.notSeen));
    case "undetermined":
      return withDetail(FLAG_WORDS.undetermined, ": ", notSeenText(study.notSeen));
    case "negative":
      return FLAG_WORDS.negative;
    case "not-analysed": {
      const why = study.reason === null ? "" : `: ${REASON_TEXT[study.reason]}`;
      return { tone: "not-analysed", symbol: "⊘", text: `Not analysed${why}` };
    }
    case "pending":
      return { tone: "pending", symbol: "◴", text: pendingText(study) };
  }
}

const RESCORE_FAILED = "re-score failed";

const FLAG_WORDS = {
  critical: { tone: "critical", symbol: "▲", text: "Critical" },
  undetermined: { tone: "undetermined", symbol: "◆", text: "Undetermined" },
  negative: { tone: "negative", symbol: "✓", text: "No bleed found" },
} as const satisfies Partial<Record<Flag, StatusWords>>;

/**
 * Fails closed: a head that was not seen whole is never called free of blood, whatever the flag says; nor is one of
 * which the last score failed, for it may have been asked for by new images.
 */
function sayableFlag(study: StatusSource): Flag {
  return study.flag === "negative" && !wasSeenWhole(study) ? "undetermined" : study.flag;
}

/** Whether the result may say that something is absent. */
export function wasSeenWhole({ state, notSeen }: StatusSource): boolean {
  return notSeen.length === 0 && state !== "failed";
}

function withDetail(words: StatusWords, separator: string, detail: string): StatusWords {
  return detail === "" ? words : { ...words, text: words.text + separator + detail };
}

function pendingText({ state, progress }: StatusSource): string {
  if (state !== "scoring") return "Waiting for images";
  return progress ? `Scoring ${progress.done}/${progress.total}` : "Scoring";
}

/** "": everything was seen; "7 slices not read" and how many more things were not. */
function notSeenText([first, ...others]: readonly string[]): string {
  if (first === undefined) return "";
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

/** Where there is no room to say what was not seen. */
export const NOT_SEEN_WHOLE = "not seen whole";

/** The result of a study beside its image, in few words: "AI: critical · score 97 of 100 · not seen whole". */
export function badgeWords(study: StatusSource, probability: number): StatusWords {
  const flag = sayableFlag(study);
  const words = flag in FLAG_WORDS ? FLAG_WORDS[flag as keyof typeof FLAG_WORDS] : statusWords(study);
  const text = `AI: ${words.text.toLowerCase()} · ${scoreWords(probability)}`;
  const limits = [
    ...(study.notSeen.length > 0 ? [NOT_SEEN_WHOLE] : []),
    ...(study.state === "failed" ? [RESCORE_FAILED] : []),
  ];
  return withDetail({ ...words, text }, " · ", limits.join(" · "));
}

const VERDICT_WORDS: Record<Presence, StatusWords> = {
  present: { ...FLAG_WORDS.critical, text: "Haemorrhage likely" },
  undetermined: { ...FLAG_WORDS.undetermined, text: "Haemorrhage undetermined" },
  absent: FLAG_WORDS.negative,
};

/** The answer to "does this patient bleed?", where there is room for more than a flag. */
export function verdictWords(presence: Presence, seenWhole: boolean): StatusWords {
  return VERDICT_WORDS[presence === "absent" && !seenWhole ? "undetermined" : presence];
}

/** How the comments of a structured report begin that tell what was not seen, and what was odd. */
export const COMMENT_PREFIX = { notSeen: "Not seen: ", warning: "Warning: " } as const;

/** The comment of an answer that takes the one before it back: the finding then has no answer. */
export const ANSWER_WITHDRAWN = "withdrawn";

/** Why the server did not do it. @param retryAfterS when it will, where it told */
export function refusalWords(status: number, retryAfterS: number | null, outcome = "Not kept"): string {
  switch (status) {
    case 403:
      return `${outcome}: Vigil takes no answers from this address. Open the viewer at Vigil's own address.`;
    case 404:
      return `${outcome}: Vigil no longer knows this study.`;
    case 429:
      return `${outcome}: too many answers at once. Try again in ${retryAfterS === null ? "a minute" : `${retryAfterS} s`}.`;
    default:
      return `${outcome}: Vigil answered with error ${status}.`;
  }
}

/**
 * A score as people read it, from 0 to 100. Not in per cent: "no bleed found, 35 %" would read as the certainty of
 * that answer. Never rounds to a certainty that the model does not have.
 */
export function score(probability: number, digits = 0): string {
  if (probability > 0 && probability < 0.005) return "<1";
  if (probability < 1 && probability >= 0.995) return ">99";
  return (probability * 100).toFixed(digits);
}

/** "score 35 of 100, critical from 64" */
export function scoreWords(probability: number, criticalFrom: number | null = null): string {
  if (criticalFrom === null) return `score ${score(probability)} of 100`;
  const digits = digitsThatTellApart(probability, criticalFrom);
  return `score ${score(probability, digits)} of 100, critical from ${score(criticalFrom, digits)}`;
}

/** A score below the threshold never rounds to it: "score 64, critical from 64" would be a contradiction. */
function digitsThatTellApart(probability: number, threshold: number): number {
  const tellApart = (digits: number) =>
    probability >= threshold || score(probability, digits) !== score(threshold, digits);
  return [0, 1, 2].find(tellApart) ?? 3;
}

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

import type { Laterality, Presence } from "./finding.ts";
import type { Label } from "./labels.ts";
import { REASON_TEXT } from "./reasons.ts";
import type { Flag, NotAnalysedReason, StudyState } from "./study-state.ts";
import { decimal, english, t, translateSentence } from "./translate.ts";

/**
 * How results are put into words and shapes, the same in the list, the panel, the image and the report. Functions speak
 * the reader's language; names in tables are English, for `t` where a reader sees them.
 */

export const LABEL_NAME: Record<Label, string> = {
  epidural: english("Epidural"),
  intraparenchymal: english("Intraparenchymal"),
  intraventricular: english("Intraventricular"),
  subarachnoid: english("Subarachnoid"),
  subdural: english("Subdural"),
  any: english("Any haemorrhage"),
};

export const LABEL_ABBREVIATION: Record<Label, string> = {
  epidural: english("EDH"),
  intraparenchymal: english("IPH"),
  intraventricular: english("IVH"),
  subarachnoid: english("SAH"),
  subdural: english("SDH"),
  any: english("ICH"),
};

export const PRESENCE_WORD: Record<Presence, string> = {
  present: english("Present"),
  absent: english("Absent"),
  undetermined: english("Undetermined"),
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
      const details = [notSeenText(study.notSeen), t(RESCORE_FAILED)].filter((detail) => detail !== "");
      return withDetail(flagWords("critical"), " · ", details.join(" · "));
    }
    return { tone: "failed", symbol: "⚠", text: t("Failed") };
  }
  switch (flag) {
    case "critical":
      return withDetail(flagWords("critical"), " · ", notSeenText(study.notSeen));
    case "undetermined":
      return withDetail(flagWords("undetermined"), ": ", notSeenText(study.notSeen));
    case "negative":
      return flagWords("negative");
    case "not-analysed": {
      const why = study.reason === null ? "" : t(REASON_TEXT[study.reason]);
      return withDetail({ tone: "not-analysed", symbol: "⊘", text: t("Not analysed") }, ": ", why);
    }
    case "pending":
      return { tone: "pending", symbol: "◴", text: pendingText(study) };
  }
}

const RESCORE_FAILED = english("re-score failed");

const FLAG_WORDS = {
  critical: { tone: "critical", symbol: "▲", text: english("Critical") },
  undetermined: { tone: "undetermined", symbol: "◆", text: english("Undetermined") },
  negative: { tone: "negative", symbol: "✓", text: english("No bleed found") },
} as const satisfies Partial<Record<Flag, StatusWords>>;

function flagWords(flag: keyof typeof FLAG_WORDS): StatusWords {
  const words = FLAG_WORDS[flag];
  return { ...words, text: t(words.text) };
}

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
  if (state !== "scoring") return t("Waiting for images");
  return progress ? t("Scoring {done}/{total}", progress) : t("Scoring");
}

/** "": everything was seen; "7 slices not read" and how many more things were not. */
function notSeenText([first, ...others]: readonly string[]): string {
  if (first === undefined) return "";
  const what = translateSentence(first);
  return others.length === 0 ? what : t("{what} and {more} more", { what, more: others.length });
}

/** Where there is no room to say what was not seen. */
export const NOT_SEEN_WHOLE = english("not seen whole");

/** The result of a study beside its image, in few words: "AI: critical · score 97 of 100 · not seen whole". */
export function badgeWords(study: StatusSource, probability: number): StatusWords {
  const flag = sayableFlag(study);
  const words = flag in BADGE_TEXT ? FLAG_WORDS[flag as keyof typeof BADGE_TEXT] : statusWords(study);
  const verdict = flag in BADGE_TEXT ? t(BADGE_TEXT[flag as keyof typeof BADGE_TEXT]) : words.text;
  const parts = [
    t("AI: {verdict}", { verdict }),
    scoreWords(probability),
    ...(study.notSeen.length > 0 ? [t(NOT_SEEN_WHOLE)] : []),
    ...(study.state === "failed" ? [t(RESCORE_FAILED)] : []),
  ];
  return { ...words, text: parts.join(" · ") };
}

const BADGE_TEXT = {
  critical: english("critical"),
  undetermined: english("undetermined"),
  negative: english("no bleed found"),
} satisfies Record<keyof typeof FLAG_WORDS, string>;

const VERDICT_WORDS: Record<Presence, StatusWords> = {
  present: { ...FLAG_WORDS.critical, text: english("Haemorrhage likely") },
  undetermined: { ...FLAG_WORDS.undetermined, text: english("Haemorrhage undetermined") },
  absent: FLAG_WORDS.negative,
};

/** The answer to "does this patient bleed?", where there is room for more than a flag. */
export function verdictWords(presence: Presence, seenWhole: boolean): StatusWords {
  const words = VERDICT_WORDS[presence === "absent" && !seenWhole ? "undetermined" : presence];
  return { ...words, text: t(words.text) };
}

/** How the comments of a structured report begin that tell what was not seen, and what was odd. */
export const COMMENT_PREFIX = { notSeen: "Not seen: ", warning: "Warning: " } as const;

/** Why the server did not do it. @param retryAfterS when it will, where it told */
export function refusalWords(status: number, retryAfterS: number | null, outcome = t("Not kept")): string {
  switch (status) {
    case 403:
      return t("{outcome}: Vigil takes no answers from this address. Open the viewer at Vigil's own address.", {
        outcome,
      });
    case 404:
      return t("{outcome}: Vigil no longer knows this study.", { outcome });
    case 429: {
      const wait = retryAfterS === null ? t("a minute") : `${retryAfterS} s`;
      return t("{outcome}: too many answers at once. Try again in {wait}.", { outcome, wait });
    }
    default:
      return t("{outcome}: Vigil answered with error {status}.", { outcome, status });
  }
}

/**
 * A score as people read it, from 0 to 100. Not in per cent: "no bleed found, 35 %" would read as the certainty of
 * that answer. Never rounds to a certainty that the model does not have.
 */
export function score(probability: number, digits = 0): string {
  if (probability > 0 && probability < 0.005) return "<1";
  if (probability < 1 && probability >= 0.995) return ">99";
  return decimal((probability * 100).toFixed(digits));
}

/** "score 35 of 100, critical from 64" */
export function scoreWords(probability: number, criticalFrom: number | null = null): string {
  if (criticalFrom === null) return t("score {score} of 100", { score: score(probability) });
  const digits = digitsThatTellApart(probability, criticalFrom);
  const values = { score: score(probability, digits), threshold: score(criticalFrom, digits) };
  return t("score {score} of 100, critical from {threshold}", values);
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
  left: english("left"),
  right: english("right"),
  bilateral: english("both sides"),
  midline: english("midline"),
};

export function sideWord(laterality: Laterality | null): string {
  return laterality === null ? "" : t(SIDE_WORD[laterality]);
}

/** ["a", "b", "c"] -> "a, b and c" */
export function joined(words: string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : t("{others} and {last}", { others: words.slice(0, -1).join(", "), last });
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

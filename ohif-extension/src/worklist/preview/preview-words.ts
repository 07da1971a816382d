import type { Finding } from "../../../../src/contract/finding.ts";
import type { Prior } from "../../../../src/contract/prior.ts";
import { t } from "../../../../src/contract/translate.ts";
import { LABEL_ABBREVIATION, type StatusWords, statusWords } from "../../../../src/contract/words.ts";
import { isSuspected } from "../../findings.ts";
import { language } from "../../i18n/current-language.ts";

/** "22 Nov 2026"; a date that is none stays as it is (PS3.5 6.2, DA). */
export function dateWords(date: string): string {
  const [, year, month, day] = /^(\d{4})\D?(\d{2})\D?(\d{2})$/.exec(date.trim()) ?? [];
  if (year === undefined) return date.trim() || t("no date");
  const options = { day: "numeric", month: "short", year: "numeric" } as const;
  return new Date(Number(year), Number(month) - 1, Number(day)).toLocaleDateString(language.get(), options);
}

export function priorWords(prior: Prior): StatusWords {
  const words = statusWords({ ...prior, reason: null });
  const kinds = prior.findings.filter(({ label }) => label !== "any").map(({ label }) => t(LABEL_ABBREVIATION[label]));
  return kinds.length === 0 ? words : { ...words, text: `${words.text} (${kinds.join(", ")})` };
}

/** The kinds, strongest first; what is suspected apart from what is not. */
export function kindsOf(findings: readonly Finding[]): { suspected: Finding[]; others: Finding[] } {
  const kinds = findings.filter(({ label }) => label !== "any").sort((a, b) => b.probability - a.probability);
  return { suspected: kinds.filter(isSuspected), others: kinds.filter((finding) => !isSuspected(finding)) };
}

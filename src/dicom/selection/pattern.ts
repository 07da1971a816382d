/** Chinese, Japanese and Korean write no spaces between words. */
const CJK = "[\\p{Script=Han}\\p{Script=Hangul}\\p{Script=Hiragana}\\p{Script=Katakana}]";
const UNSPACED = new RegExp(CJK, "u");
const BETWEEN_SCRIPTS = new RegExp(`(?<=${CJK})(?=[A-Z])|(?<=[A-Z])(?=${CJK})`, "gu");
/** At least three letters: "AiCE" is one word, and no "CE". */
const CAMEL_CASE = /(\p{Ll}|\p{Lu}{2,}(?=\p{Lu}\p{Ll}{2}))(\p{Lu}\p{L}{2,})/gu;

/**
 * A letter of a text that `plain` prepared, which leaves nothing else. `\p{L}` would be a list of 650 ranges, and one for
 * each word: a quarter of a second until all of them are compiled.
 */
export const LETTER = "[^\\d#+/& -]";
const LETTER_OR_PLUS = "[^\\d#/& -]";

/** Source of a regular expression out of words in the notation of `Vocabulary`. */
export function alternatives(words: string): string {
  const patterns = words.split(/\s+/).filter(Boolean).map(pattern);
  // The longest first, so that "W/O" is found before "W".
  return `(?:${[...new Set(patterns)].sort((a, b) => b.length - a.length).join("|")})`;
}

function pattern(word: string): string {
  const stem = word
    .replace(/\*$/, "")
    .split("_")
    .map((part) => plain(part).replaceAll(/[+*/]/g, "\\$&"))
    .join("[ -]+");
  if (UNSPACED.test(word)) return stem;
  // "S/" stands before its word without a blank.
  const open = word.endsWith("*") || word.endsWith("/");
  // "+C" may follow a word without a blank, as in "HEAD+C".
  return `${word.startsWith("+") ? "" : `(?<!${LETTER})`}${stem}${open ? "" : `(?!${LETTER_OR_PLUS})`}`;
}

/**
 * Capitals without accents, `-`, `/`, `+` and `&` as the only punctuation, `#` for other digits than 0 to 9; "HeadRoutine"
 * and "头颅CTA" are two words.
 */
export function plain(text: string): string {
  return text
    .replaceAll(CAMEL_CASE, "$1 $2")
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toUpperCase()
    .replaceAll(BETWEEN_SCRIPTS, " ")
    .replaceAll(/[^\p{L}\p{N}+/&-]+/gu, " ")
    .replaceAll(/(?!\d)\p{N}/gu, "#")
    .trim();
}

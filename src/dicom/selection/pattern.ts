/** Chinese, Japanese and Korean write no spaces between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u;

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
  return `${word.startsWith("+") ? "(?<!\\+)" : "(?<![\\p{L}+])"}${stem}${open ? "" : "(?![\\p{L}+])"}`;
}

/** Capitals without accents, `-`, `/`, `+` and `&` as the only punctuation. */
export function plain(text: string): string {
  return text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}+/&-]+/gu, " ")
    .trim();
}

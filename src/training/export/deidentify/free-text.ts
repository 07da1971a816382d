import { folded } from "./folded-text.ts";
import { isHarmless, UNSPACED_WORDS } from "./harmless-words.ts";
import { DROPPED, withoutIdentifyingPatterns } from "./identifying-patterns.ts";
import type { Identity } from "./identity.ts";

/** After them comes a name, even where it is a word of the vocabulary ("Dr. White"). */
const TITLES = new Set(
  "DR DRS MD PROF PROFESSOR MRS MISS MISTER SIR LADY HERR FRAU MONSIEUR MADAME MME SENOR SENORA SRA DOTT SIG KYRIOS BY".split(
    " ",
  ),
);
const TITLE_SPAN = 2;

/** 5, 0.625, 120kV, 3D, 2x, 64x0.6 */
const MEASURE =
  /^(?:\d{1,3}X)?\d{1,3}(?:[.,]\d{1,4})?(?:MM|CM|M|ML|L|KV|KVP|KEV|MA|MAS|S|SEC|MS|HU|DEG|MGY|GY|X|D|P|%)?$/;
/** Numbers without a unit, and initials: beside a word that was dropped they belong to it. */
const BELONGS_TO_NEIGHBOUR = /^(?:\d+(?:[.,]\d+)?|\p{L})$/u;
/** "P A U L" */
const SPELLED_OUT = 3;
/** H31s, Br40d, FC21, B, J30s, C4, T1, FL03, I31f3 */
const KERNEL = /^[A-Z]{1,2}\d{1,2}[A-Z]?\d?$/;

const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
const TOKEN = new RegExp(
  `${DROPPED}|\\p{N}+(?:[.,]\\p{N}+)?[\\p{L}\\p{M}]*\\p{N}*|(?:\\p{L}\\p{M}*|\\p{N})+|[^\\p{L}\\p{N}]`,
  "gu",
);

interface Token {
  /** As `folded` makes it. */
  word: string;
  text: string;
  kind: "kept" | "dropped" | "between";
}

/**
 * A text without what may name a person: only harmless words, measures and names of kernels stay (PS3.15 E.3.5). A word
 * that is not known is dropped, so is a number beside it.
 */
export function cleanText(text: string, identity: Identity): string {
  const clean = cleanedOnce(text, identity);
  // What stood apart may read as a number of somebody once that between is gone.
  return clean.length < text.length ? cleanText(clean, identity) : clean;
}

function cleanedOnce(text: string, identity: Identity): string {
  if (text.trim() === "") return "";
  const tokens = [...withoutIdentifyingPatterns(text).matchAll(TOKEN)].flatMap(([found]) => judged(found, identity));
  dropSpelledOut(tokens);
  dropBehindTitles(tokens);
  dropWhatBelongsTo(tokens);
  return joined(tokens);
}

function judged(found: string, identity: Identity): Token[] {
  if (found === DROPPED) return [{ word: "", text: "", kind: "dropped" }];
  if (!/[\p{L}\p{N}]/u.test(found)) return [{ word: "", text: found, kind: "between" }];
  if (UNSPACED.test(found)) return unspaced(found, identity);
  const word = folded(found);
  const isKept = !identity.hasWord(word) && (isHarmless(word) || MEASURE.test(word) || KERNEL.test(word));
  return [{ word, text: isKept ? found : "", kind: isKept ? "kept" : "dropped" }];
}

/** Words of a run of East Asian letters; what lies between them is dropped. */
function unspaced(run: string, identity: Identity): Token[] {
  const text = folded(run);
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const word = UNSPACED_WORDS.find((candidate) => text.startsWith(candidate, at));
    const latin = /^[A-Z0-9]+/.exec(text.slice(at))?.[0];
    if (word !== undefined && !identity.hasWord(word)) tokens.push({ word, text: word, kind: "kept" });
    else if (latin !== undefined) tokens.push(...judged(latin, identity));
    else tokens.push({ word: "", text: "", kind: "dropped" });
    at += word?.length ?? latin?.length ?? 1;
  }
  return tokens;
}

function dropSpelledOut(tokens: Token[]): void {
  const words = tokens.filter(({ kind }) => kind !== "between");
  let letters: Token[] = [];
  for (const token of [...words, undefined]) {
    if (token !== undefined && /^\p{L}$/u.test(token.word)) letters.push(token);
    else {
      if (letters.length >= SPELLED_OUT)
        for (const letter of letters) Object.assign(letter, { text: "", kind: "dropped" });
      letters = [];
    }
  }
}

function dropBehindTitles(tokens: Token[]): void {
  const words = tokens.filter(({ kind }) => kind !== "between");
  words.forEach(({ word }, i) => {
    if (!TITLES.has(word)) return;
    for (const next of words.slice(i, i + 1 + TITLE_SPAN)) Object.assign(next, { text: "", kind: "dropped" });
  });
}

function dropWhatBelongsTo(tokens: Token[]): void {
  const words = tokens.filter(({ kind }) => kind !== "between");
  let wasDropped = false;
  const visit = (token: Token) => {
    const isLonely = token.kind === "dropped" || (wasDropped && BELONGS_TO_NEIGHBOUR.test(token.text));
    if (isLonely) Object.assign(token, { text: "", kind: "dropped" });
    wasDropped = isLonely;
  };
  words.forEach(visit);
  wasDropped = false;
  words.reverse().forEach(visit);
}

/** Punctuation stays between words that were neighbours; else a blank stands there. */
function joined(tokens: Token[]): string {
  let text = "";
  let between = "";
  let isBroken = false;
  for (const token of tokens) {
    if (token.kind === "between") between += token.text;
    else if (token.kind === "dropped") isBroken = true;
    else {
      if (text !== "") text += isBroken ? " " : plainBetween(between);
      text += token.text;
      between = "";
      isBroken = false;
    }
    if (text === "") between = "";
  }
  return isBroken || text === "" ? text : text + closing(text, between);
}

/** Control characters but line ends go. */
function plainBetween(between: string): string {
  return between.replaceAll(/[^\P{C}\n\r\t]/gu, "");
}

/** "(5mm)", "STD+", "100%" */
function closing(text: string, between: string): string {
  const end = /^[)+%.\]]*/.exec(between)![0];
  return text.includes("(") ? end : end.replaceAll(")", "");
}

/**
 * English is written where it is used, and is the key to its translation. The service speaks English; the viewer says
 * in which language it speaks.
 */

/** undefined where there is no translation: English then. */
export type Lookup = (text: string) => string | undefined;

const ENGLISH: Lookup = () => undefined;

let lookUp = ENGLISH;
let decimalMark = ".";

/** @param mark between whole numbers and decimals */
export function translateWith(lookup: Lookup = ENGLISH, mark = "."): void {
  lookUp = lookup;
  decimalMark = mark;
}

/** The text in the reader's language; `{name}` in it gives way to the value of that name. */
export function t(text: string, values: Record<string, string | number> = {}): string {
  return (lookUp(text) ?? text).replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** Marks a text that is kept in English and translated with `t` where it is shown: a test looks for these. */
export function english<Text extends string>(text: Text): Text {
  return text;
}

const NUMBER = /\d+(?:\.\d+)?/g;

/**
 * A sentence that was put together elsewhere, with numbers in it: "gap of 40 mm" is looked up as "gap of {1} mm".
 * Where there is no translation it stays as it is.
 */
export function translateSentence(sentence: string): string {
  const numbers = sentence.match(NUMBER) ?? [];
  let place = 0;
  const found = lookUp(sentence.replace(NUMBER, () => `{${++place}}`));
  return found?.replace(/\{(\d)\}/g, (_, index: string) => decimal(numbers[Number(index) - 1] ?? "")) ?? sentence;
}

/** "2.5" -> "2,5" in German */
export function decimal(digits: string): string {
  return digits.replace(".", decimalMark);
}

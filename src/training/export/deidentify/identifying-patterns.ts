/** What names, dates and numbers of people look like in any text, whoever they belong to. */

const MONTH =
  "(?:jan|feb|m[aä]r|apr|ma[iy]|ju[nl]|jui|aug|ago|ao[uû]|sep|o[ck]t|nov|de[cz]|gen|ene|fev|abr|mag|giu|lug|set|dic)\\p{L}*\\.?";

const PATTERNS: RegExp[] = [
  // E-mail addresses, and web addresses.
  /[^\s@<>"]+\s*@\s*[^\s@<>"]+/giu,
  /(?:[a-z]+:\/\/|www\.)\S+/giu,
  /\b[\p{L}\d-]+\.(?:com|org|net|edu|gov|info|eu|de|fr|uk|gr|jp|kr|cn|it|es|nl|ch|at|se|no|dk|fi|pl|cz|hu|pt|us|ca|au|br|in)\b\S*/giu,
  // UIDs and addresses of machines.
  /\b\d+(?:\.\d+){3,}\b/gu,
  // Dates: 2024-01-31, 31.01.2024, 1/31/24, 31 January 2024, January 31st, 2024; with their times.
  /\b\d{4}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{1,2}(?:[T ]\d{1,2}:\d\d\S*)?/gu,
  /\b\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:\d{4}|\d{2})\b/gu,
  /\b\d{1,2}[./]\d{1,2}\.(?!\d)/gu,
  /\b\d\d\/\d\d\b/gu,
  new RegExp(
    `\\b\\d{1,2}(?:st|nd|rd|th)?\\.?(?:\\s|-|of|de|/)*${MONTH}(?:[\\s,-]|de)*(?:\\d{4}|\\d{2})?(?!\\p{L})`,
    "giu",
  ),
  new RegExp(`(?<!\\p{L})${MONTH}\\s*\\d{1,2}(?:st|nd|rd|th)?(?:[\\s,]+\\d{4})?\\b`, "giu"),
  /\d{2,4}\s*年\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?/gu,
  /\d{2,4}\s*년\s*\d{1,2}\s*월(?:\s*\d{1,2}\s*일)?/gu,
  // What follows the word for a number, a birth, a telephone.
  /(?<!\p{L})(?:mrn|ssn|nhs|pid|dob|geb|tel|fax|phone|mobile|acc|accession|pat|patient|id)\s?(?:id|nr|no|n[o°º]|number|#)?\s?[.:#]+\s?[\p{L}\p{N}-]+/giu,
];

/** Telephones and other long numbers, in groups. */
const GROUPED = /(?:\+|\(|\b00)?\d[\d()]*(?:[\s./()-]{1,3}\d+){1,6}/gu;
/** A number with blanks or points in it is a telephone from seven digits on; `0.5 0.5` and `512 512` are none. */
const DIGITS_OF_A_NUMBER = 7;

/** Whatever looks like it is replaced by a mark that stands in no text. */
export const DROPPED = "\uFFFC";

export function withoutIdentifyingPatterns(text: string): string {
  const mark = ` ${DROPPED} `;
  return PATTERNS.reduce((rest, pattern) => rest.replaceAll(pattern, mark), westernDigits(text)).replaceAll(
    GROUPED,
    (found) => (isShortNumber(found) ? found : mark),
  );
}

export function hasIdentifyingPattern(text: string): boolean {
  return withoutIdentifyingPatterns(text).includes(DROPPED);
}

function isShortNumber(text: string): boolean {
  const isListOfDecimals =
    /^[\d.]+(?:\s[\d.]+)*$/.test(text) && text.split(/\s/).every((part) => /^\d{1,3}(\.\d{1,4})?$/.test(part));
  const digits = text.replaceAll(/\D/g, "").length;
  return digits < DIGITS_OF_A_NUMBER || (isListOfDecimals && text.includes("."));
}

/** Arabic, Devanagari and full-width digits. */
function westernDigits(text: string): string {
  return text.replaceAll(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0)!;
    if (code < 0x80) return digit;
    let zero = code;
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && code - zero < 9) zero--;
    return String(code - zero);
  });
}

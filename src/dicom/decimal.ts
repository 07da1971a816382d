/** Numbers as text (PS3.5 6.2, DS and IS), and as the field writes them. */

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** A decimal comma, where it cannot be a thousands separator. */
const DECIMAL_COMMA = /^[+-]?\d*,(\d{1,2}|\d{4,})$/;
const LEADING_DECIMAL = /^[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?(?![\d.,])/i;

/** The number that the text is; null where it is none, or could be another one. */
export function decimal(text: string): number | null {
  const trimmed = withoutPadding(text);
  const dotted = DECIMAL_COMMA.test(trimmed) ? trimmed.replace(",", ".") : trimmed;
  const value = DECIMAL.test(dotted) ? Number(dotted) : Number.NaN;
  return Number.isFinite(value) ? value : null;
}

/** The same, forgiving what follows the number ("5.0 mm"). */
export function leadingDecimal(text: string): number | null {
  return decimal(LEADING_DECIMAL.exec(withoutPadding(text))?.[0] ?? "");
}

/** Blanks and NULs pad a value; what follows a NUL is no text any more. */
function withoutPadding(text: string): string {
  return text.split("\0", 1)[0]!.trim();
}

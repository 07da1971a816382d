/** Values of DICOM's text value representations (PS3.5 6.2), checked, since a name may stand anywhere. */

const DAY_MS = 24 * 3600 * 1000;

/** DA or DT, moved by whole days; "" where it is none, or has no day to be moved. */
export function shiftedDate(value: string, days: number): string {
  const [, year, month, day, rest] =
    /^(\d{4})\.?(\d{2})\.?(\d{2})((?:\d{2}(?:\d{2}(?:\d{2}(?:\.\d{1,6})?)?)?)?(?:[+-]\d{4})?)$/.exec(value.trim()) ??
    [];
  if (year === undefined || month === undefined || day === undefined) return "";
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return "";
  const moved = new Date(date.getTime() + days * DAY_MS);
  const digits = (number: number, count: number) => String(number).padStart(count, "0");
  if (moved.getUTCFullYear() < 0) return "";
  return `${digits(moved.getUTCFullYear(), 4)}${digits(moved.getUTCMonth() + 1, 2)}${digits(moved.getUTCDate(), 2)}${rest}`;
}

/** Ages over 89 years become 90 (45 CFR 164.514(b)(2)(i)(C)); "" where it is none. */
export function cappedAge(value: string): string {
  const [, count, unit] = /^(\d{3})([DWMY])$/.exec(value.trim()) ?? [];
  if (count === undefined || unit === undefined) return "";
  const years = Number(count) / { D: 365.25, W: 52.18, M: 12, Y: 1 }[unit as "D" | "W" | "M" | "Y"];
  return years >= 90 ? "090Y" : value.trim();
}

const FORMS: Record<string, RegExp> = {
  DS: /^[+-]?(?:\d{1,15}\.?\d{0,15}|\.\d{1,15})(?:[eE][+-]?\d{1,3})?$/,
  IS: /^[+-]?\d{1,10}$/,
  TM: /^\d{2}:?(?:[0-5]\d:?(?:[0-6]\d(?:\.\d{1,6})?)?)?$/,
  UI: /^[0-9]+(?:\.[0-9]+)*$/,
  CS: /^[A-Z0-9_ ]*$/,
};

/** Whether a value of DS, IS, TM, UI or CS is what it has to be; an empty one is. */
export function hasForm(vr: string, value: string): boolean {
  return value === "" || (FORMS[vr]?.test(value) ?? false);
}

/** Bytes of one number. */
export const NUMBER_BYTES: Record<string, number> = { AT: 4, FD: 8, FL: 4, SL: 4, SS: 2, SV: 8, UL: 4, US: 2, UV: 8 };

/**
 * Text among numbers or pixels: a run of letters and signs of ASCII that no pixel of a CT makes.
 * @param shortest of how many bytes
 */
export function hasPrintableRun(bytes: Uint8Array, shortest: number): boolean {
  const isPrintable = (at: number) => bytes[at]! >= 0x20 && bytes[at]! < 0x7f;
  // Every run that long has a byte at one of these places.
  for (let at = shortest - 1; at < bytes.length; at += shortest) {
    let start = at;
    let end = at;
    while (end < bytes.length && isPrintable(end)) end++;
    while (start > 0 && isPrintable(start - 1)) start--;
    if (end > at && end - start >= shortest) return true;
  }
  return false;
}

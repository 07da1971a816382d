import type { InstanceHeader } from "./source.ts";

const UNITS_PER_YEAR: Record<string, number> = { D: 365.25, W: 52.18, M: 12, Y: 1 };
const MS_PER_YEAR = 365.25 * 24 * 3600 * 1000;
const OLDEST_YEARS = 130;

/** Patient's Age (PS3.5 6.2, AS), or from the dates of birth and study; null when neither can be read. */
export function ageYears({ patientAge, study }: Pick<InstanceHeader, "patientAge" | "study">): number | null {
  const [, count, unit] = /^(\d{1,3})([DWMY])$/.exec(patientAge.trim().toUpperCase()) ?? [];
  const years =
    count === undefined || unit === undefined
      ? (dateMs(study.studyDate) - dateMs(study.patientBirthDate)) / MS_PER_YEAR
      : Number(count) / UNITS_PER_YEAR[unit]!;
  return years >= 0 && years <= OLDEST_YEARS ? years : null;
}

function dateMs(date: string): number {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})/.exec(date) ?? [];
  return Date.UTC(Number(year), Number(month) - 1, Number(day));
}

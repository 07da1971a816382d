import { english, t } from "../../../src/contract/translate.ts";
import type { Instance } from "../ohif-types.ts";

/** Who and what is on the screen, in words. Taken from the images themselves: what is seen is what is named. */

export interface StudyOnScreen {
  studyInstanceUid: string;
  patientId: string;
  /** "Family, Given" */
  name: string;
  sex: string;
  /** "63 y"; "" where it is not known. */
  age: string;
  /** YYYYMMDD; "" where it is not known. */
  studyDate: string;
  description: string;
}

export function studyOnScreen(image: Instance): StudyOnScreen {
  const studyDate = text(image.StudyDate);
  return {
    studyInstanceUid: image.StudyInstanceUID,
    patientId: text(image.PatientID),
    name: displayName(text(image.PatientName)),
    sex: t(SEX[text(image.PatientSex)] ?? ""),
    age: ageWords(text(image.PatientAge), text(image.PatientBirthDate), studyDate),
    studyDate,
    description: text(image.StudyDescription),
  };
}

/** PS3.3 C.7.1.1 */
const SEX: Record<string, string> = { M: english("male"), F: english("female"), O: english("other") };

/** dcmjs hands a person name out as an object of component groups, or a list of them; anything else as it is. */
function text(value: unknown): string {
  const [first] = Array.isArray(value) ? value : [value];
  if (typeof first === "string" || typeof first === "number") return String(first).trim();
  const name = first as { Alphabetic?: unknown; Ideographic?: unknown } | null | undefined;
  const group = name?.Alphabetic ?? name?.Ideographic;
  return typeof group === "string" ? group.trim() : "";
}

/** "Family^Given=Ideographic" -> "Family, Given" (PS3.5 6.2.1) */
function displayName(personName: string): string {
  const [family = "", given = ""] = (personName.split("=")[0] ?? "").split("^");
  return [family, given].filter((part) => part !== "").join(", ") || t("unnamed patient");
}

const AGE_UNIT: Record<string, string> = { Y: english("y"), M: english("mo"), W: english("wk"), D: english("d") };

/** Patient's Age (PS3.5 6.2, AS: "063Y") as written, else from the birth date at the time of the study. */
function ageWords(age: string, birthDate: string, studyDate: string): string {
  const [, count, unit] = /^(\d{3})([DWMY])$/.exec(age) ?? [];
  if (count !== undefined && unit !== undefined) return `${Number(count)} ${t(AGE_UNIT[unit] ?? "")}`;
  const [born, then] = [partsOf(birthDate), partsOf(studyDate)];
  if (born === undefined || then === undefined) return "";
  const hadBirthday = then.month > born.month || (then.month === born.month && then.day >= born.day);
  const years = then.year - born.year - (hadBirthday ? 0 : 1);
  return years < 0 ? "" : `${years} ${t("y")}`;
}

function partsOf(date: string): { year: number; month: number; day: number } | undefined {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(date) ?? [];
  return year === undefined ? undefined : { year: Number(year), month: Number(month), day: Number(day) };
}

const MONTHS = english("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec");

/** YYYYMMDD -> "22-Nov-2026", without the year where it goes without saying. */
export function dateWords(date: string, { withYear = true } = {}): string {
  const parts = partsOf(date);
  const month = t(MONTHS).split(" ")[(parts?.month ?? 0) - 1];
  if (parts === undefined || month === undefined) return date;
  return `${parts.day}-${month}${withYear ? `-${parts.year}` : ""}`;
}

/** How a study on the screen stands to the one that was opened, such as "prior of 22-Nov"; "" when it is that one. */
export function relationWords(shown: StudyOnScreen, opened: StudyOnScreen | undefined): string {
  if (shown.studyInstanceUid === opened?.studyInstanceUid) return "";
  if (opened === undefined) return t("not the study that was opened");
  if (shown.patientId !== opened.patientId) return t("⚠ ANOTHER PATIENT");
  if (shown.studyDate === "" || opened.studyDate === "") return t("not the study that was opened");
  const date = dateWords(shown.studyDate, { withYear: shown.studyDate.slice(0, 4) !== opened.studyDate.slice(0, 4) });
  if (shown.studyDate < opened.studyDate) return t("prior of {date}", { date });
  return shown.studyDate > opened.studyDate ? t("later study of {date}", { date }) : t("another study of the same day");
}

import { english, t } from "../../../src/contract/translate.ts";
import type { WorklistItem } from "../../../src/contract/worklist.ts";

/** How a patient is written in the list and in notices. */

type Identified = Pick<WorklistItem, "patientName" | "patientId" | "accessionNumber" | "studyInstanceUid">;

/** The name; a patient without one is told apart by whatever identifies the study. */
export function patientWords(item: Identified): string {
  return displayName(item.patientName) || t("Unnamed, {id}", { id: identifier(item) });
}

function identifier({ patientId, accessionNumber, studyInstanceUid }: Identified): string {
  if (patientId !== "") return t("ID {id}", { id: patientId });
  return accessionNumber === ""
    ? t("study …{id}", { id: studyInstanceUid.slice(-8) })
    : t("accession {id}", { id: accessionNumber });
}

/** "Family^Given=Ideographic" -> "Family, Given" (PS3.5 6.2.1); the first of its groups that is not empty. */
export function displayName(personName: string): string {
  for (const group of personName.split("=")) {
    const [family = "", given = ""] = group.split("^").map((part) => part.trim());
    const name = [family, given].filter((part) => part !== "").join(", ");
    if (name !== "") return name;
  }
  return "";
}

/** "64 y F"; "7 mo" for a child under two; what is not known is left out. */
export function ageAndSex(item: Pick<WorklistItem, "patientBirthDate" | "patientSex" | "studyDate">): string {
  const sex = SEX[item.patientSex];
  return [age(item.patientBirthDate, item.studyDate), sex ? t(sex) : item.patientSex]
    .filter((part) => part !== "")
    .join(" ");
}

/** Patient's Sex (0010,0040) */
const SEX: Record<string, string> = { F: english("F"), M: english("M"), O: english("other") };

function age(birthDate: string, studyDate: string): string {
  const born = monthsOf(birthDate);
  const scanned = monthsOf(studyDate);
  if (born === undefined || scanned === undefined || scanned < born) return "";
  const months = Math.floor(scanned - born);
  return months < 24 ? t("{months} mo", { months }) : t("{years} y", { years: Math.floor(months / 12) });
}

/** Months since the year 0, and the day as a part of one; undefined for what is no DA (PS3.5 6.2). */
function monthsOf(date: string): number | undefined {
  const [, year, month, day] = /^(\d{4})\D?(\d{2})\D?(\d{2})$/.exec(date.trim()) ?? [];
  return year === undefined ? undefined : Number(year) * 12 + Number(month) + Number(day) / 32;
}

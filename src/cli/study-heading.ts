import type { StudyAttributes } from "../contract/study-attributes.ts";
import type { WorklistItem } from "../contract/worklist.ts";
import { wrap } from "./print.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** What of a study is named: persons, and files (which may be called after them), only when that was asked for. */
export interface Naming {
  showNames: boolean;
}

/** Two lines: "Lindström, Åsa (DEMO-1) · CT head, 24 Nov 2026", with or without the person, and the Study Instance UID. */
export function studyHeading(
  studyInstanceUid: string,
  attributes: StudyAttributes | undefined,
  { showNames }: Naming,
): string {
  const person = showNames && attributes !== undefined ? patientWords(attributes) : "";
  const known = [person, describe(attributes)].filter((part) => part !== "").join(" · ");
  return [...(known === "" ? [] : [wrap(known, 2, 4)]), `study ${studyInstanceUid}`]
    .map((line) => `  ${line}`)
    .join("\n");
}

/** What follows "Failed": why; without the study's own UID, which stands beside it. */
export function errorWords({ studyInstanceUid, error }: Pick<WorklistItem, "studyInstanceUid" | "error">): string {
  return error === null ? "" : `: ${error.message.replace(`study ${studyInstanceUid}`, "it")}`;
}

/** Study Description and Date, as far as they are known. */
export function describe(attributes: StudyAttributes | undefined): string {
  if (attributes === undefined) return "";
  return [attributes.studyDescription, dateWords(attributes.studyDate)].filter((part) => part !== "").join(", ");
}

export function patientWords({ patientName, patientId }: StudyAttributes): string {
  const name = personWords(patientName) || "patient without a name";
  return patientId === "" ? name : `${name} (${patientId})`;
}

/** "Family^Given^Middle=…" (PS3.5 6.2.1) -> "Family, Given Middle"; of several writings the first. */
function personWords(name: string): string {
  const [family = "", ...others] = (name.split("=").find((group) => group !== "") ?? "").split("^");
  const given = others.filter((part) => part !== "").join(" ");
  return [family, given].filter((part) => part !== "").join(", ");
}

/** YYYYMMDD -> "24 Nov 2026"; what is no such date as it is. */
function dateWords(date: string): string {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(date) ?? [];
  const monthName = MONTHS[Number(month) - 1];
  return monthName === undefined ? date : `${Number(day)} ${monthName} ${year}`;
}

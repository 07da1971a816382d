import type { StudySummary } from "../../dicomweb/study-summary.ts";
import { VigilError } from "../../errors.ts";

/** What narrows a search for studies down (QIDO-RS), by keyword. */
export type StudyQuery = Record<string, string>;

export interface QueryOptions {
  query?: string[];
  since?: string;
  until?: string;
}

/** Of the question itself, not of a study. */
const RESERVED = ["limit", "offset", "includefield", "fuzzymatching"];
const CT = { ModalitiesInStudy: "CT" };

/**
 * The search that the flags ask for; undefined when they ask for none. CT only, unless it says otherwise.
 * @throws VigilError usage-invalid
 */
export function studyQuery({ query = [], since, until }: QueryOptions): StudyQuery | undefined {
  const pairs = query.map(pairOf);
  if (since === undefined && until === undefined && pairs.length === 0) return undefined;
  const asked: StudyQuery = { ...CT, ...Object.fromEntries(pairs) };
  if (since === undefined && until === undefined) return asked;
  if (asked.StudyDate !== undefined)
    throw new VigilError("usage-invalid", "StudyDate stands in --query and in --since or --until: give one of them");
  return { ...asked, StudyDate: `${dayOf("--since", since)}-${dayOf("--until", until)}` };
}

function pairOf(text: string): [string, string] {
  const at = text.indexOf("=");
  const [key, value] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 1 || value === "" || !/^([A-Z][A-Za-z0-9]+|[0-9A-Fa-f]{8})$/.test(key) || RESERVED.includes(key)) {
    const message = "--query takes an attribute and its value, such as PatientID=4711 or StudyDescription=*head*";
    throw new VigilError("usage-invalid", `${message}; not ${text}`);
  }
  return [key, value];
}

/** YYYYMMDD. */
function dayOf(flag: string, text = ""): string {
  const [, year, month, day] = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text) ?? [];
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  const isDay = !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day);
  if (text !== "" && !isDay)
    throw new VigilError("usage-invalid", `${flag} takes a day, such as 2026-01-31; not ${text}`);
  return text.replaceAll("-", "");
}

/** What a study says of itself, where the PACS tells it. */
const ANSWERS: Record<string, (study: StudySummary) => string> = {
  StudyDate: ({ attributes }) => attributes.studyDate,
  PatientID: ({ attributes }) => attributes.patientId,
  AccessionNumber: ({ attributes }) => attributes.accessionNumber,
  StudyID: ({ attributes }) => attributes.studyId,
  StudyInstanceUID: ({ attributes }) => attributes.studyInstanceUid,
};

/** Not every PACS can match every attribute, and one that passes over a filter would give away every patient it holds. */
export function matchesQuery(study: StudySummary, query: StudyQuery): boolean {
  return Object.entries(query).every(([key, asked]) => {
    if (key === "ModalitiesInStudy")
      return study.modalities.length === 0 || study.modalities.some((modality) => isLike(modality, asked));
    const answer = ANSWERS[key]?.(study);
    if (answer === undefined) return true;
    return key === "StudyDate" ? isWithin(answer, asked) : isLike(answer, asked);
  });
}

function isWithin(day: string, range: string): boolean {
  const [from = "", to = from] = range.split("-");
  return day !== "" && day >= from && (to === "" || day <= to);
}

/** `*` and `?` as PS3.4 C.2.2.2.4 has them. */
function isLike(value: string, pattern: string): boolean {
  const escaped = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^(${escaped.split(",").join("|")})$`, "i").test(value);
}

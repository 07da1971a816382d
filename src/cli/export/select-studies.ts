import { readFile } from "node:fs/promises";
import { flagSchema } from "../../contract/study-state.ts";
import { uidSchema } from "../../contract/uid.ts";
import { worklistPageSchema } from "../../contract/worklist.ts";
import type { Pacs } from "../../dicomweb/pacs.ts";
import { VigilError } from "../../errors.ts";
import type { StudyToExport } from "../../training/export/export-source.ts";
import { feedbackRecords } from "../dataset/feedback-api.ts";
import type { GlobalOptions } from "../options.ts";
import { servicePages, serviceRoot } from "../service-api.ts";
import { matchesQuery, type QueryOptions, studyQuery } from "./study-query.ts";

export interface SelectOptions extends GlobalOptions, QueryOptions {
  study?: string[];
  studies?: string;
  flag?: string;
  feedback?: boolean;
  api?: string;
}

/**
 * The studies that the flags name: a list, or what a search in the PACS finds, or both: what is in the list and found.
 * @param say is told of what could not be looked at
 * @throws VigilError usage-invalid, not-found, service-unreachable, pacs-…
 */
export async function selectStudies(
  options: SelectOptions,
  pacs: Pacs,
  signal: AbortSignal,
  say: (message: string) => void,
): Promise<StudyToExport[]> {
  const named = await namedStudies(options);
  const query = studyQuery(options);
  if (named === undefined && query === undefined) {
    const ways = "--study UID, --studies FILE, --query key=value, --since DATE, --flag critical or --feedback";
    throw new VigilError("usage-invalid", `which studies? Give ${ways} (all CT: --query ModalitiesInStudy=CT)`);
  }
  if (query === undefined) return [...named!].map((studyInstanceUid) => ({ studyInstanceUid, instances: null }));
  const found: StudyToExport[] = [];
  let others = 0;
  for await (const study of pacs.findStudies(query, signal, say)) {
    const { studyInstanceUid } = study.attributes;
    if (!matchesQuery(study, query)) others++;
    else if (named?.has(studyInstanceUid) ?? true) found.push({ studyInstanceUid, instances: study.instances });
  }
  if (others > 0) say(`the PACS named ${others} studies that were not asked for: they are left out`);
  if (query.StudyDate !== undefined) {
    const undated = await pacs.undatedStudies(signal);
    if (undated.length > 0)
      say(
        `the PACS has at least ${undated.length} CT studies without a date, which no search by date finds: see --study`,
      );
  }
  return found;
}

/** undefined when no flag names any. */
async function namedStudies(options: SelectOptions): Promise<Set<string> | undefined> {
  const { study, studies, flag, feedback } = options;
  if ([study, studies, flag, feedback].filter((way) => way !== undefined).length > 1)
    throw new VigilError("usage-invalid", "give one of --study, --studies, --flag and --feedback");
  if (study !== undefined) return new Set(study.map((uid) => uidOf(uid, "--study")));
  if (studies !== undefined) return studiesInFile(studies);
  if (flag !== undefined) return flaggedStudies(flag, serviceRoot(options));
  return feedback ? answeredStudies(serviceRoot(options)) : undefined;
}

function uidOf(text: string, where: string): string {
  const uid = uidSchema.safeParse(text);
  if (uid.success) return uid.data;
  throw new VigilError("usage-invalid", `${where}: ${text} is no Study Instance UID`);
}

/** One UID a line, or the first column of a CSV; empty lines and those that begin with # are passed over. */
async function studiesInFile(file: string): Promise<Set<string>> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new VigilError("not-found", `${file} cannot be read`, { cause });
  });
  const cells = text.split(/\r?\n/).map((line) => line.split(/[,;\t]/)[0]!.trim());
  const isHeader = (cell: string, i: number) => i === 0 && /^"?study/i.test(cell);
  const uids = new Set<string>();
  for (const [i, cell] of cells.entries()) {
    if (cell === "" || cell.startsWith("#") || isHeader(cell, i)) continue;
    uids.add(uidOf(cell.replaceAll('"', ""), `${file}, line ${i + 1}`));
  }
  if (uids.size === 0)
    throw new VigilError("usage-invalid", `${file} names no study: it needs a Study Instance UID a line`);
  return uids;
}

async function flaggedStudies(text: string, api: string): Promise<Set<string>> {
  const asked = text.split(",").map((name) => {
    const flag = flagSchema.safeParse(name.trim());
    if (flag.success) return flag.data;
    throw new VigilError("usage-invalid", `--flag takes ${flagSchema.options.join(", ")}; not ${name}`);
  });
  const uids = new Set<string>();
  for await (const { studyInstanceUid, flag } of servicePages(api, "/api/worklist", worklistPageSchema)) {
    if (asked.includes(flag)) uids.add(studyInstanceUid);
  }
  return uids;
}

/** Those that a reader answered, unless all answers were taken back. */
async function answeredStudies(api: string): Promise<Set<string>> {
  const uids = new Set<string>();
  for await (const { studyInstanceUid, withdrawnAt } of feedbackRecords(api)) {
    if (withdrawnAt === null) uids.add(studyInstanceUid);
  }
  return uids;
}

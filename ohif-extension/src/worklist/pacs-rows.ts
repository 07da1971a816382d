import type { StudyQuery, StudyRow } from "../ohif-types.ts";

/** What the PACS itself holds, asked page by page: many a PACS gives less at once than it is asked for. */

const PAGE_SIZE = 200;
/** More rows than anybody scrolls through; a search reaches the others. */
const MOST_ROWS = 5000;

export interface PacsRows {
  rows: StudyRow[];
  /** A query that was not answered, or not to its end. */
  isIncomplete: boolean;
  /** There are more than were asked for. */
  isCut: boolean;
}

type Search = (query: StudyQuery) => Promise<StudyRow[]>;

/** Only the newest search goes on. */
let turn = 0;

/**
 * @param query as OHIF's list asks
 * @param text searched in each of the attributes that a PACS can be asked for; "" = everything
 * @param onProgress how many rows there are so far
 */
export async function searchPacs(
  search: Search,
  query: StudyQuery,
  text: string,
  onProgress: (count: number) => void,
): Promise<PacsRows> {
  const mine = ++turn;
  const found = new Map<string, StudyRow>();
  const take = (rows: StudyRow[]) => {
    for (const row of rows) found.set(row.studyInstanceUid, row);
    onProgress(found.size);
  };
  const results = await Promise.all(
    queriesFor(text).map((part) => pages(search, { ...query, ...part }, take, () => mine === turn)),
  );
  return {
    rows: [...found.values()],
    isIncomplete: results.includes("unanswered"),
    isCut: results.includes("cut"),
  };
}

function queriesFor(text: string): StudyQuery[] {
  if (text === "") return [{}];
  const patientName = text.replace(/[\s,^]+/g, "*");
  return [{ patientName }, { patientId: text }, { accessionNumber: text }, { studyDescription: text }];
}

async function pages(
  search: Search,
  query: StudyQuery,
  take: (rows: StudyRow[]) => void,
  isWanted: () => boolean,
): Promise<"all" | "cut" | "unanswered"> {
  const seen = new Set<string>();
  let offset = 0;
  while (isWanted()) {
    const page = { ...query, limit: PAGE_SIZE, offset };
    const rows = await search(page)
      .catch(() => search(page))
      .catch(() => undefined);
    if (rows === undefined) return "unanswered";
    // A PACS that knows no offset answers the same page again.
    const fresh = rows.filter(({ studyInstanceUid }) => !seen.has(studyInstanceUid));
    if (fresh.length === 0) return "all";
    for (const { studyInstanceUid } of fresh) seen.add(studyInstanceUid);
    take(fresh);
    if (seen.size >= MOST_ROWS) return "cut";
    offset += rows.length;
  }
  return "all";
}

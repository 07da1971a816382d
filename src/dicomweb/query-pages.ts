import { type DicomJson, dicomJsonSchema, firstText } from "../dicom/dicom-json.ts";
import { VigilError } from "../errors.ts";

const PAGE_SIZE = 200;
/** A PACS that never ends its answers must not keep us for ever. */
const MAX_PAGES = 500;

export interface Page {
  limit: number;
  /** Left out where it is 0: not every server knows it. */
  offset?: number;
}

/**
 * All matches of a QIDO-RS query, each once. A page may be shorter than asked for and not be the last one (PS3.18
 * 8.3.4.4 lets a server have a limit of its own): it goes on behind what was returned until nothing new comes.
 * @param uidTag the UID that tells one match from another
 * @param say is told when the server cannot be read to its end
 */
export async function* queryPages(
  ask: (page: Page) => Promise<DicomJson[]>,
  uidTag: string,
  say: (message: string) => void,
): AsyncGenerator<DicomJson> {
  const seen = new Set<string>();
  let limit = PAGE_SIZE;
  let matches: DicomJson[] | undefined = await ask({ limit });
  let offset = 0;
  let mayHideMore = false;
  for (let page = 1; page <= MAX_PAGES; page++) {
    if (matches?.length === 0 && !mayHideMore) return;
    if (matches?.length === 0) {
      // Orthanc 1.10 answers nothing behind the first page where Modalities in Study is asked for: a longer one has all.
      limit = Math.min(2 * offset, PAGE_SIZE * MAX_PAGES);
      matches = await ask({ limit });
      if (matches.length <= offset) return;
      offset = 0;
    }
    const before = seen.size;
    for (const match of matches ?? []) {
      const key = firstText(match, uidTag) || JSON.stringify(match);
      if (seen.has(key)) continue;
      seen.add(key);
      yield match;
    }
    if (matches === undefined || seen.size === before) {
      say("the PACS does not page its answers to QIDO-RS (`offset`): what is not on its first page is not seen");
      return;
    }
    mayHideMore = matches.length >= limit;
    offset += matches.length;
    matches = await askBehind(ask, offset);
  }
  say(`the PACS has more than ${MAX_PAGES} pages of matches for one query: the rest is not seen`);
}

/** undefined where the server refuses to go on. */
async function askBehind(ask: (page: Page) => Promise<DicomJson[]>, offset: number): Promise<DicomJson[] | undefined> {
  try {
    return await ask({ limit: PAGE_SIZE, offset });
  } catch (error) {
    if (error instanceof VigilError && error.code === "pacs-refused") return undefined;
    throw error;
  }
}

/**
 * The matches in the answer to a query. What is no DICOM JSON in one of them is left out of it, so that it hides
 * neither the rest nor the other matches.
 * @throws VigilError pacs-answer-invalid when there is nothing else
 */
export function readMatches(answer: unknown): DicomJson[] {
  const matches = Array.isArray(answer) ? answer.map(readable) : undefined;
  const isEmpty = (match: DicomJson) => Object.keys(match).length === 0;
  if (matches !== undefined && (matches.length === 0 || !matches.every(isEmpty))) return matches;
  throw new VigilError("pacs-answer-invalid", "the PACS answered with something that is not DICOM JSON");
}

function readable(match: unknown): DicomJson {
  const attributes = typeof match === "object" && match !== null ? Object.entries(match) : [];
  const valid = attributes.filter(([tag, value]) => dicomJsonSchema.safeParse({ [tag]: value }).success);
  return dicomJsonSchema.parse(Object.fromEntries(valid));
}

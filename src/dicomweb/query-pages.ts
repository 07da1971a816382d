import { type DicomJson, firstText } from "../dicom/dicom-json.ts";

const PAGE_SIZE = 200;
/** A PACS that never ends its answers must not keep us for ever. */
const MAX_PAGES = 500;

export interface Page {
  limit: number;
  offset: number;
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
  let offset = 0;
  for (let page = 0; page < MAX_PAGES; page++) {
    const matches = await ask({ limit: PAGE_SIZE, offset });
    if (matches.length === 0) return;
    const before = seen.size;
    for (const match of matches) {
      const key = firstText(match, uidTag) || JSON.stringify(match);
      if (seen.has(key)) continue;
      seen.add(key);
      yield match;
    }
    if (seen.size === before) {
      say(
        "the PACS does not page its answers to QIDO-RS (it ignores `offset`): what its first one leaves out is not seen",
      );
      return;
    }
    offset += matches.length;
  }
  say(`the PACS has more than ${MAX_PAGES} pages of matches for one query: the rest is not seen`);
}

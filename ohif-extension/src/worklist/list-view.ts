import type { WorklistItem } from "../../../src/contract/worklist.ts";
import { createStore } from "../ui/store.ts";
import { patientWords } from "./patient.ts";
import type { StudyGroup } from "./study-groups.ts";

/** What the list shows: a group of the work list, all of it, or what the PACS itself answers to a query. */
export interface ListView {
  group: StudyGroup | "all" | "pacs";
  /** Words, each of which must occur somewhere. */
  text: string;
}

export const listView = createStore<ListView>({ group: "all", text: "" });

/** What a reader must know of the rows; "" when there is nothing. */
export const listNotice = createStore("");

/** Text is searched in the whole work list; in the PACS where that is what is listed. */
export function searchList(text: string): void {
  const { group } = listView.get();
  listView.set({ group: text === "" || group === "pacs" ? group : "all", text });
}

export function showGroup(group: ListView["group"]): void {
  listNotice.set("");
  listView.set({ group, text: "" });
}

export function shownItems(items: Iterable<WorklistItem>, { group, text }: ListView): WorklistItem[] {
  return matchingItems(items, text).filter((item) => group === "all" || group === "pacs" || item.group === group);
}

export function matchingItems(items: Iterable<WorklistItem>, text: string): WorklistItem[] {
  const words = fold(text)
    .split(" ")
    .filter((word) => word !== "");
  if (words.length === 0) return [...items];
  return [...items].filter((item) => {
    const searched = searchedText(item);
    // A part of a UID says nothing of a patient.
    return item.studyInstanceUid === words[0] || words.every((word) => searched.includes(word));
  });
}

function searchedText(item: WorklistItem): string {
  const { patientName, patientId, accessionNumber, studyDescription } = item;
  return fold([patientWords(item), patientName, patientId, accessionNumber, studyDescription].join(" "));
}

/** As the server searches: without case, accents and DICOM's separators. */
function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .replace(/[\^=\s]+/g, " ");
}

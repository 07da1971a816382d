import type { Preview, PreviewSlice } from "../../../../src/contract/preview.ts";
import { ApiError, fetchPreview } from "../../api.ts";
import type { StudyRow } from "../../ohif-types.ts";
import { createStore } from "../../ui/store.ts";
import { listTable } from "../list-table.ts";
import { triage, triageItem } from "../triage-state.ts";
import { loadPicture } from "./pictures.ts";

/** What the preview shows. It changes as a whole: pictures of one patient never stand beside words of another. */
export interface Shown {
  row: StudyRow;
  preview: Preview | undefined;
  /** Why there is no preview; undefined when there is one. */
  why?: "loading" | "unknown" | "unreachable" | "refused";
}

export const shown = createStore<Shown | null>(null);

/** The pane shows the study before for as long as this, so that it does not flicker. */
const PATIENCE_MS = 300;
const MOST_KEPT = 40;

type Answer = Omit<Shown, "row">;

interface Loading {
  aborter: AbortController;
  /** What was known of the study then: it is asked for again when that has changed. */
  item: unknown;
  isDone: boolean;
  answer: Promise<Answer>;
}

/** By Study Instance UID, oldest first. */
const loadings = new Map<string, Loading>();
let wanted: StudyRow | undefined;

/** Shows a study, and gets those beside it in the list ready. What is no longer wanted is no longer loaded. */
export async function showPreview(row: StudyRow): Promise<void> {
  wanted = row;
  const uid = row.studyInstanceUid;
  const near = neighbours(uid);
  abortExcept([uid, ...near]);
  const loading = load(uid);
  const patience = setTimeout(() => {
    if (wanted === row && shown.get()?.row.studyInstanceUid !== uid) {
      shown.set({ row, preview: undefined, why: "loading" });
    }
  }, PATIENCE_MS);
  const answer = await loading.answer;
  clearTimeout(patience);
  if (wanted !== row || loading.aborter.signal.aborted) return;
  shown.set({ row, ...answer });
  for (const neighbour of near) load(neighbour);
}

/** Asks again for what is shown when something of it has changed. */
export function followChanges(): () => void {
  return triage.subscribe(() => {
    const loading = wanted && loadings.get(wanted.studyInstanceUid);
    if (wanted && loading?.item !== triageItem(wanted.studyInstanceUid)) void showPreview(wanted);
  });
}

function load(studyInstanceUid: string): Loading {
  const item = triageItem(studyInstanceUid);
  const known = loadings.get(studyInstanceUid);
  if (known && known.item === item) return known;
  known?.aborter.abort();
  const aborter = new AbortController();
  const answer = fetchWhole(studyInstanceUid, aborter.signal);
  const loading: Loading = { aborter, item, isDone: false, answer };
  void answer.then(({ preview }) => {
    loading.isDone = true;
    if (preview === undefined && loadings.get(studyInstanceUid) === loading) loadings.delete(studyInstanceUid);
  });
  loadings.delete(studyInstanceUid);
  loadings.set(studyInstanceUid, loading);
  const [oldest] = loadings.keys();
  if (loadings.size > MOST_KEPT && oldest !== undefined) loadings.delete(oldest);
  return loading;
}

/** With the picture that is seen first: words and picture appear together. */
async function fetchWhole(studyInstanceUid: string, signal: AbortSignal): Promise<Answer> {
  try {
    const preview = await fetchPreview(studyInstanceUid, signal);
    if (preview === undefined) return { preview, why: "unknown" };
    const [first, ...others] = preview.keySlices;
    if (first !== undefined) await Promise.allSettled(addressesOf(first).map((url) => loadPicture(url, signal)));
    for (const url of others.flatMap(addressesOf)) void loadPicture(url, signal).catch(() => {});
    return { preview };
  } catch (error) {
    return { preview: undefined, why: error instanceof ApiError ? "refused" : "unreachable" };
  }
}

function addressesOf({ image, heatImage }: PreviewSlice): string[] {
  return heatImage === null ? [image] : [image, heatImage];
}

/** The studies below and above in the list. */
function neighbours(studyInstanceUid: string): string[] {
  const rows = listTable()?.getPrePaginationRowModel().rows ?? [];
  const index = rows.findIndex(({ original }) => original.studyInstanceUid === studyInstanceUid);
  if (index < 0) return [];
  return [rows[index + 1], rows[index - 1]].flatMap((row) => row?.original.studyInstanceUid ?? []);
}

function abortExcept(uids: string[]): void {
  for (const [uid, { aborter, isDone }] of loadings) {
    if (isDone || uids.includes(uid)) continue;
    aborter.abort();
    loadings.delete(uid);
  }
}

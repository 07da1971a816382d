import { isInPacs } from "./api.ts";
import type { Ohif } from "./ohif-types.ts";
import { ensureLoaded, isKnown, loadStudy, openStudies, reloadOpenStudies } from "./studies.ts";
import { createStore } from "./ui/store.ts";
import { cornerstoneLibraries } from "./viewport/cornerstone.ts";
import { activeView, viewsOnScreen } from "./viewport/views.ts";
import { triage } from "./worklist/triage-state.ts";

/** Whether what the viewer shows is still so. */

/** Since when no events come; null while they do. */
export const lostSince = createStore<Date | null>(null);

/** Study Instance UIDs that the PACS no longer holds. */
export const goneFromPacs = createStore<ReadonlySet<string>>(new Set());

/** Nothing is sent when a study is deleted: it is asked for. */
const CHECK_MS = 15_000;
/** An image that cannot be loaded comes with many others. */
const SETTLE_MS = 500;

/** Notes when the live feed breaks, and reads the open studies again once it is back: something may have been missed. */
export function followConnection(): void {
  triage.subscribe(() => {
    const { connection } = triage.get();
    if (connection === "lost" && lostSince.get() === null) lostSince.set(new Date());
    if (connection !== "live" || lostSince.get() === null) return;
    lostSince.set(null);
    void reloadOpenStudies();
  });
}

/** Reads the results of the studies that are on the screen, and whether they still exist. */
export function watchStudiesOnScreen(ohif: Ohif): () => void {
  const { cornerstone } = cornerstoneLibraries(ohif);
  const check = () => {
    const view = activeView.get();
    if (view !== null && !document.hidden) void checkStudy(view.studyInstanceUid);
  };
  let soon: ReturnType<typeof setTimeout> | undefined;
  const checkSoon = () => {
    clearTimeout(soon);
    soon = setTimeout(check, SETTLE_MS);
  };
  const unsubscribe = viewsOnScreen.subscribe(() => {
    for (const { studyInstanceUid } of viewsOnScreen.get().values()) ensureLoaded(studyInstanceUid);
  });
  const timer = setInterval(check, CHECK_MS);
  document.addEventListener("visibilitychange", check);
  cornerstone.eventTarget.addEventListener("IMAGE_LOAD_ERROR", checkSoon);
  return () => {
    unsubscribe();
    clearInterval(timer);
    clearTimeout(soon);
    document.removeEventListener("visibilitychange", check);
    cornerstone.eventTarget.removeEventListener("IMAGE_LOAD_ERROR", checkSoon);
  };
}

async function checkStudy(studyInstanceUid: string): Promise<void> {
  if (lostSince.get() !== null) return;
  if (isKnown(openStudies.get().get(studyInstanceUid))) await loadStudy(studyInstanceUid);
  // A PACS that does not answer has not lost the study.
  const isThere = await isInPacs(studyInstanceUid).catch(() => true);
  if (goneFromPacs.get().has(studyInstanceUid) === !isThere) return;
  const gone = new Set(goneFromPacs.get());
  if (isThere) gone.delete(studyInstanceUid);
  else gone.add(studyInstanceUid);
  goneFromPacs.set(gone);
}

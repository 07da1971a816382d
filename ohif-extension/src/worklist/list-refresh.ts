import type { Ohif } from "../ohif-types.ts";
import { isRowOf } from "./list-row.ts";
import { listedRows, listTable } from "./list-table.ts";
import { listView, shownItems } from "./list-view.ts";
import { triage } from "./triage-state.ts";

/** A study arrives with a bunch of events, and studies arrive in bunches. */
const GATHER_MS = 400;

let revision = 0;

/** Changes whenever the list must be asked for again. */
export function listRevision(): number {
  return revision;
}

/** Makes OHIF ask for its list again, soon; many calls in a row make one. */
export type AskForList = () => void;

/**
 * OHIF has no call that refreshes its study list. It asks its data source again when what it would ask for has
 * changed, so the limit of its query grows by one, and the route is entered once more: the rows stay on the screen
 * until the new ones are there, and sorting, page and selection are kept.
 */
export function createListRefresh({ commandsManager }: Ohif): AskForList {
  let timer: ReturnType<typeof setTimeout> | undefined;

  const refresh = () => {
    clearTimeout(timer);
    timer = undefined;
    revision++;
    // In the viewer, a navigation would set up the whole mode again; the list asks anyway when it is entered.
    if (listedRows() === undefined) return;
    const to = location.pathname + location.search;
    commandsManager.runCommand("navigateHistory", { to, options: { replace: true } });
  };
  const ask = () => {
    timer ??= setTimeout(refresh, GATHER_MS);
  };

  listView.subscribe(() => {
    listTable()?.setPageIndex(0);
    refresh();
  });
  triage.subscribe(() => {
    if (!isUpToDate()) ask();
  });
  return ask;
}

function isUpToDate(): boolean {
  const listed = listedRows();
  const { items, isRead } = triage.get();
  if (listed === undefined || !isRead || listView.get().group === "pacs") return true;
  const wanted = shownItems(items.values(), listView.get());
  if (wanted.length !== listed.length) return false;
  const byUid = new Map(listed.map((row) => [row.studyInstanceUid, row]));
  return wanted.every((item) => isRowOf(item, byUid.get(item.studyInstanceUid)));
}

import type { StudyTable } from "../ohif-types.ts";
import { toggleHeat } from "./heat-choice.ts";
import { SEARCH_ID } from "./list-bar.ts";
import { listTable } from "./list-table.ts";
import { searchList } from "./list-view.ts";

/** Where keys belong to what has the focus. */
const BUSY = "input, textarea, select, [role=menu], [role=menuitem], [role=dialog], [role=listbox]";

/** Arrows choose a study, Enter opens it, "/" searches, H switches the heat map: in the list, wherever the focus is. */
export function followListKeys(): void {
  document.addEventListener("keydown", (event) => {
    const table = listTable();
    if (table === undefined || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target instanceof Element ? event.target : document.body;
    const isSearch = target.id === SEARCH_ID;
    if (!isSearch && target.closest(BUSY)) return;
    if (isSearch ? searchKey(event.key, target as HTMLInputElement) : listKey(event.key, target)) {
      event.preventDefault();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      select(table, event.key === "ArrowDown" ? 1 : -1);
    }
  });
}

function searchKey(key: string, search: HTMLInputElement): boolean {
  if (key === "Escape") {
    search.value = "";
    searchList("");
    search.blur();
    return true;
  }
  return key === "Enter" && openSelected();
}

function listKey(key: string, target: Element): boolean {
  if (key === "/") {
    document.getElementById(SEARCH_ID)?.focus();
    return true;
  }
  if (key === "h") {
    toggleHeat();
    return true;
  }
  // A button that has the focus is pressed by Enter.
  return key === "Enter" && !target.closest("button, a") && openSelected();
}

/** Moves the selection; over the edge of a page, to the next one. */
function select(table: StudyTable, step: 1 | -1): void {
  const rows = table.getPrePaginationRowModel().rows;
  const { pageIndex, pageSize } = table.getState().pagination;
  const present = rows.findIndex((row) => row.getIsSelected());
  const next = present < 0 ? pageIndex * pageSize : present + step;
  const row = rows[next];
  if (row === undefined) return;
  const page = Math.floor(next / pageSize);
  if (page !== pageIndex) table.setPageIndex(page);
  row.toggleSelected(true);
  // The next Enter opens the study instead of pressing the button that was clicked last.
  if (document.activeElement instanceof HTMLButtonElement) document.activeElement.blur();
  // Once OHIF has drawn it.
  requestAnimationFrame(() => requestAnimationFrame(() => selectedRow()?.scrollIntoView({ block: "nearest" })));
}

function selectedRow(): Element | null {
  return document.querySelector("tbody tr[data-state=selected]");
}

/** As a double click does: with the mode that OHIF chooses for the study. */
export function openSelected(): boolean {
  return selectedRow()?.dispatchEvent(new MouseEvent("dblclick", { bubbles: true })) ?? false;
}

import { useEffect, useRef } from "react";
import type { WorklistItem } from "../../../src/contract/worklist.ts";
import type { StudyTable } from "../ohif-types.ts";
import { useStore } from "../ui/use-store.ts";
import { startClock } from "./arrival.ts";
import { hiddenByFilters, showListBar } from "./list-bar.ts";
import { setListTable } from "./list-table.ts";
import { compareUrgency } from "./triage-order.ts";
import { triage } from "./triage-state.ts";

interface LiveSortingProps {
  table: StudyTable;
  /** Columns whose order and filters depend on the live feed. */
  columnIds: string[];
  /** What the list is sorted by when nobody asked for anything else. */
  defaultColumnId: string;
  askForList(): void;
}

/**
 * Keeps the study list in order while results come in, without fetching it again: TanStack sorts anew when it gets a
 * new sorting array, and our columns compare what the live feed says. Renders nothing; lives in a column's header,
 * because only there does OHIF hand out its table.
 */
export function LiveSorting({ table, columnIds, defaultColumnId, askForList }: LiveSortingProps) {
  const { items } = useStore(triage);
  const order = [...items.values()].sort(compareUrgency).map(sortKey).join();

  useEffect(() => {
    setListTable(table);
    return () => setListTable(undefined);
  }, [table]);

  useEffect(() => {
    const stops = [showListBar(), startClock()];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);

  useEffect(() => {
    if (!new URLSearchParams(location.search).has("sortBy")) table.setSorting([{ id: defaultColumnId, desc: false }]);
  }, []);

  useEffect(() => {
    if (!columnIds.includes(table.getState().sorting[0]?.id ?? "")) return;
    table.setSorting((sorting) => sorting.map((column) => ({ ...column })));
    // OHIF goes back to the first page when the sorting changes, unless the page is set at the same time.
    table.setPagination((pagination) => ({ ...pagination }));
  }, [order]);

  const rows = table.getFilteredRowModel().rows.length;
  const { pageIndex, pageSize } = table.getState().pagination;
  // Studies leave a group while somebody looks at its last page.
  const isBeyond = pageIndex > 0 && rows > 0 && pageIndex * pageSize >= rows;
  useEffect(() => {
    if (isBeyond) table.setPageIndex(Math.ceil(rows / pageSize) - 1);
  }, [isBeyond]);

  const hidden = table.options.data.length - rows;
  useEffect(() => hiddenByFilters.set(hidden), [hidden]);

  const ourFilters = table.getState().columnFilters.filter(({ id }) => columnIds.includes(id));
  const filterText = JSON.stringify(ourFilters);
  const wasFiltered = useRef(false);
  // Rows are only filtered anew, and OHIF only stops to wait for its filters, when there is a new list.
  useEffect(() => {
    if (ourFilters.length > 0 || wasFiltered.current) askForList();
    wasFiltered.current = ourFilters.length > 0;
  }, [filterText, ourFilters.length > 0 ? order : ""]);
  return null;
}

/** Changes whenever the study may have to move. */
function sortKey({ studyInstanceUid, state, flag, probability, read }: WorklistItem): string {
  return `${studyInstanceUid} ${state} ${flag} ${probability} ${read?.at}`;
}

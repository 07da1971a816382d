import type { StudyRow, StudyTable } from "../ohif-types.ts";

let shown: StudyTable | undefined;

/** OHIF's table of studies; undefined while its list is not on the screen. */
export function listTable(): StudyTable | undefined {
  return shown;
}

export function setListTable(table: StudyTable | undefined): void {
  shown = table;
}

/** The rows that the list holds now; undefined while it is not on the screen. */
export function listedRows(): StudyRow[] | undefined {
  return shown?.options.data;
}

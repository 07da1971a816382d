import type { StudyTable } from "../ohif-types.ts";

let shown: StudyTable | undefined;

/** OHIF's table of studies; undefined while its list is not on the screen. */
export function listTable(): StudyTable | undefined {
  return shown;
}

export function setListTable(table: StudyTable | undefined): void {
  shown = table;
}

/** The Study Instance UIDs that the list holds now; undefined while it is not on the screen. */
export function listedStudies(): Set<string> | undefined {
  return shown && new Set(shown.options.data.map((row) => row.studyInstanceUid));
}

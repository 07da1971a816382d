import type { StudyRow } from "../ohif-types.ts";

let rows: StudyRow[] | undefined;

/** The Study Instance UIDs that OHIF's study list holds now; undefined while it is not on the screen. */
export function listedStudies(): Set<string> | undefined {
  return rows && new Set(rows.map((row) => row.studyInstanceUid));
}

export function setListedRows(present: StudyRow[] | undefined): void {
  rows = present;
}

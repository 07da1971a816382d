import React from "react";
import { LABEL_ABBREVIATION, percent, statusWords } from "../../../src/contract/words.ts";
import type { WorklistItem } from "../../../src/contract/worklist.ts";
import type { HeaderContext, StudyColumn, StudyRow, TableRow } from "../ohif-types.ts";
import {
  ArrivalCell,
  DescriptionCell,
  HaemorrhageCell,
  KindCell,
  kinds,
  PatientCell,
  patientText,
  TriageCell,
} from "./cells.tsx";
import { LiveSorting } from "./live-sorting.tsx";
import { compareText, compareUrgency } from "./triage-order.ts";
import { triageItem } from "./triage-state.ts";

const TRIAGE_COLUMN = "vigilTriage";
const HAEMORRHAGE_COLUMN = "vigilHaemorrhage";
const KIND_COLUMN = "vigilKind";
const ARRIVAL_COLUMN = "vigilArrival";

/** Columns whose order and filters depend on the live feed. */
export const LIVE_COLUMNS = [TRIAGE_COLUMN, HAEMORRHAGE_COLUMN, KIND_COLUMN, ARRIVAL_COLUMN];

/** OHIF's own columns that stand between ours, told better. */
const PATIENT_COLUMN = "patient";
const DESCRIPTION_COLUMN = "description";
const DATE_COLUMN = "studyDateTime";

type Header = StudyColumn["header"];

/**
 * Vigil's columns, put before OHIF's own. Their widths add up to less than OHIF's list has at 1280 pixels beside its
 * preview: OHIF drops what does not fit, least priority first.
 * @param askForList makes the list ask for its rows again
 */
export function withTriageColumns(columns: StudyColumn[], askForList: () => void): StudyColumn[] {
  const plainHeader = columns[0]?.header ?? (() => null);
  const [patient, description] = [PATIENT_COLUMN, DESCRIPTION_COLUMN].map((id) => columns.find((c) => c.id === id));
  return [
    triageColumn(plainHeader, askForList),
    haemorrhageColumn(plainHeader),
    kindColumn(plainHeader),
    ...(patient ? [patientColumn(patient)] : []),
    arrivalColumn(plainHeader),
    ...(description ? [descriptionColumn(description)] : []),
    ...columns.filter((column) => column !== patient && column !== description).map(leavingRoom),
  ];
}

/** The first of OHIF's further columns waits for more room than it needs, so that reasons and names have it first. */
function leavingRoom(column: StudyColumn): StudyColumn {
  return column.id === DATE_COLUMN ? { ...column, meta: { ...column.meta, minWidth: 280 } } : column;
}

function triageColumn(header: Header, askForList: () => void): StudyColumn {
  return {
    id: TRIAGE_COLUMN,
    accessorFn: (row) => triageText(itemOf(row)),
    header: (context: HeaderContext) => (
      <>
        <LiveSorting
          table={context.table}
          columnIds={LIVE_COLUMNS}
          defaultColumnId={TRIAGE_COLUMN}
          askForList={askForList}
        />
        {header(context)}
      </>
    ),
    cell: ({ row }) => <TriageCell row={row.original} />,
    filterFn: textFilter(triageText),
    sortingFn: (a, b) => compareUrgency(itemOf(a.original), itemOf(b.original)),
    meta: { label: "Triage", minWidth: 215, priority: 130 },
  };
}

function haemorrhageColumn(header: Header): StudyColumn {
  const probability = (row: StudyRow) => itemOf(row)?.probability ?? -1;
  return {
    id: HAEMORRHAGE_COLUMN,
    accessorFn: probability,
    header,
    cell: ({ row }) => <HaemorrhageCell row={row.original} />,
    filterFn: textFilter((item) => (item?.probability == null ? "" : percent(item.probability))),
    sortingFn: (a, b) => probability(a.original) - probability(b.original),
    meta: { label: "Haemorrhage", minWidth: 148, priority: 129 },
  };
}

function kindColumn(header: Header): StudyColumn {
  return {
    id: KIND_COLUMN,
    accessorFn: (row) => kindText(itemOf(row)),
    header,
    cell: ({ row }) => <KindCell row={row.original} />,
    filterFn: textFilter(kindText),
    sortingFn: (a, b) => compareText(kindText(itemOf(a.original)), kindText(itemOf(b.original))),
    meta: { label: "Kind", minWidth: 104, priority: 128 },
  };
}

function patientColumn(own: StudyColumn): StudyColumn {
  return {
    ...own,
    accessorFn: patientText,
    cell: ({ row }) => <PatientCell row={row.original} />,
    meta: { ...own.meta, headerClassName: "", cellClassName: "", minWidth: 155, priority: 127 },
  };
}

function arrivalColumn(header: Header): StudyColumn {
  const receivedAt = (row: StudyRow) => itemOf(row)?.receivedAt ?? "";
  return {
    id: ARRIVAL_COLUMN,
    accessorFn: receivedAt,
    header,
    cell: ({ row }) => <ArrivalCell row={row.original} />,
    filterFn: textFilter((item) => item?.receivedAt ?? ""),
    sortingFn: (a, b) => compareText(receivedAt(a.original), receivedAt(b.original)),
    meta: { label: "Arrived", minWidth: 80, priority: 126 },
  };
}

function descriptionColumn(own: StudyColumn): StudyColumn {
  return {
    ...own,
    cell: ({ row }) => <DescriptionCell row={row.original} />,
    meta: { ...own.meta, headerClassName: "", cellClassName: "", minWidth: 135, priority: 125 },
  };
}

function itemOf(row: StudyRow): WorklistItem | undefined {
  return triageItem(row.studyInstanceUid);
}

function triageText(item: WorklistItem | undefined): string {
  return item ? statusWords(item).text : "";
}

function kindText(item: WorklistItem | undefined): string {
  return item
    ? kinds(item)
        .map(({ label }) => LABEL_ABBREVIATION[label])
        .join(", ")
    : "";
}

function textFilter(text: (item: WorklistItem | undefined) => string): StudyColumn["filterFn"] {
  return (row: TableRow, _columnId, filter) =>
    text(itemOf(row.original)).toLowerCase().includes(String(filter).toLowerCase());
}

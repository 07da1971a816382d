import React, { type ReactNode } from "react";
import { t } from "../../../src/contract/translate.ts";
import { LABEL_ABBREVIATION, scoreWords, statusWords } from "../../../src/contract/words.ts";
import type { WorklistItem } from "../../../src/contract/worklist.ts";
import type { HeaderContext, StudyColumn, StudyRow, TableRow } from "../ohif-types.ts";
import {
  ArrivalCell,
  DescriptionCell,
  KindCell,
  kinds,
  PatientCell,
  PriorityCell,
  patientText,
  ScoreCell,
  TriageCell,
  WardCell,
} from "./cells.tsx";
import type { OpenStudy } from "./list-bar.ts";
import { LiveSorting } from "./live-sorting.tsx";
import { compareText, compareUrgency } from "./triage-order.ts";
import { triageItem } from "./triage-state.ts";

const TRIAGE_COLUMN = "vigilTriage";
const SCORE_COLUMN = "vigilScore";
const KIND_COLUMN = "vigilKind";
const ARRIVAL_COLUMN = "vigilArrival";
const PRIORITY_COLUMN = "vigilPriority";
const WARD_COLUMN = "vigilWard";

/** Columns whose order and filters depend on the live feed. */
const LIVE_COLUMNS = [TRIAGE_COLUMN, SCORE_COLUMN, KIND_COLUMN, ARRIVAL_COLUMN, PRIORITY_COLUMN, WARD_COLUMN];

/** OHIF's own columns that stand between ours, told better. */
const PATIENT_COLUMN = "patient";
const DESCRIPTION_COLUMN = "description";
const DATE_COLUMN = "studyDateTime";

type Header = StudyColumn["header"];

/**
 * Vigil's columns, put before OHIF's own. The widths of the important ones add up to less than OHIF's list has at 1280
 * pixels beside its preview: OHIF drops what does not fit, least priority first.
 * @param askForList makes the list ask for its rows again
 */
export function withTriageColumns(columns: StudyColumn[], askForList: () => void, open: OpenStudy): StudyColumn[] {
  const header = columns[0]?.header ?? (() => null);
  const [patient, description] = [PATIENT_COLUMN, DESCRIPTION_COLUMN].map((id) => columns.find((c) => c.id === id));
  return [
    triageColumn(header, askForList, open),
    scoreColumn(header),
    liveColumn(header, KIND_COLUMN, kindText, (row) => <KindCell row={row} />, {
      ...says(() => t("Kind")),
      minWidth: 88,
      priority: 128,
    }),
    ...(patient ? [patientColumn(patient)] : []),
    liveColumn(
      header,
      ARRIVAL_COLUMN,
      (item) => item.receivedAt,
      (row) => <ArrivalCell row={row} />,
      {
        ...says(() => t("Arrived")),
        minWidth: 80,
        priority: 126,
      },
    ),
    liveColumn(
      header,
      PRIORITY_COLUMN,
      (item) => item.priority ?? "",
      (row) => <PriorityCell row={row} />,
      {
        ...says(() => t("Priority")),
        minWidth: 80,
        priority: 124,
      },
    ),
    ...(description ? [descriptionColumn(description)] : []),
    liveColumn(
      header,
      WARD_COLUMN,
      (item) => item.ward ?? "",
      (row) => <WardCell row={row} />,
      {
        ...says(() => t("Ward")),
        minWidth: 96,
        priority: 123,
      },
    ),
    ...columns.filter((column) => column !== patient && column !== description).map(leavingRoom),
  ];
}

/** The first of OHIF's further columns waits for more room than it needs, so that reasons and names have it first. */
function leavingRoom(column: StudyColumn): StudyColumn {
  return column.id === DATE_COLUMN ? { ...column, meta: { ...column.meta, minWidth: 280 } } : column;
}

/** A label in the reader's language, whenever it is asked for. */
function says(label: () => string): { label: string } {
  return {
    get label() {
      return label();
    },
  };
}

type Text = (item: WorklistItem) => string;

/** A column that says something of the study as it is known now. */
function liveColumn(
  header: Header,
  id: string,
  text: Text,
  cell: (row: StudyRow) => ReactNode,
  meta: StudyColumn["meta"],
): StudyColumn {
  const textOf = ({ original }: TableRow) => {
    const item = itemOf(original);
    return item ? text(item) : "";
  };
  return {
    id,
    accessorFn: (row) => textOf({ original: row } as TableRow),
    header,
    cell: ({ row }) => cell(row.original),
    filterFn: (row, _columnId, filter) => textOf(row).toLowerCase().includes(String(filter).toLowerCase()),
    sortingFn: (a, b) => compareText(textOf(a), textOf(b)),
    meta,
  };
}

function triageColumn(header: Header, askForList: () => void, open: OpenStudy): StudyColumn {
  const text: Text = (item) => statusWords(item).text;
  return {
    ...liveColumn(header, TRIAGE_COLUMN, text, (row) => <TriageCell row={row} />, {
      ...says(() => t("Triage")),
      minWidth: 196,
      priority: 130,
    }),
    header: (context: HeaderContext) => (
      <>
        <LiveSorting
          table={context.table}
          columnIds={LIVE_COLUMNS}
          defaultColumnId={TRIAGE_COLUMN}
          askForList={askForList}
          open={open}
        />
        {header(context)}
      </>
    ),
    sortingFn: (a, b) => compareUrgency(itemOf(a.original), itemOf(b.original)),
  };
}

function scoreColumn(header: Header): StudyColumn {
  const probability = (row: StudyRow) => itemOf(row)?.probability ?? -1;
  const text: Text = (item) => (item.probability === null ? "" : scoreWords(item.probability, item.threshold));
  return {
    ...liveColumn(header, SCORE_COLUMN, text, (row) => <ScoreCell row={row} />, {
      ...says(() => t("Score")),
      minWidth: 128,
      priority: 129,
    }),
    accessorFn: probability,
    sortingFn: (a, b) => probability(a.original) - probability(b.original),
  };
}

function patientColumn(own: StudyColumn): StudyColumn {
  return {
    ...own,
    accessorFn: patientText,
    cell: ({ row }) => <PatientCell row={row.original} />,
    meta: {
      ...says(() => t("Patient")),
      headerClassName: "",
      cellClassName: "",
      minWidth: 140,
      priority: 127,
    },
  };
}

function descriptionColumn(own: StudyColumn): StudyColumn {
  return {
    ...own,
    cell: ({ row }) => <DescriptionCell row={row.original} />,
    meta: {
      ...says(() => t("Description")),
      headerClassName: "",
      cellClassName: "",
      minWidth: 112,
      priority: 125,
    },
  };
}

function itemOf(row: StudyRow): WorklistItem | undefined {
  return triageItem(row.studyInstanceUid);
}

function kindText(item: WorklistItem): string {
  return kinds(item)
    .map(({ label }) => t(LABEL_ABBREVIATION[label]))
    .join(", ");
}

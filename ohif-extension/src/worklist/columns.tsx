import React from "react";
import { LABEL_ABBREVIATION, LABEL_NAME, percent, statusWords } from "../../../src/contract/words.ts";
import type { WorklistItem } from "../../../src/contract/worklist.ts";
import type { HeaderContext, StudyColumn, TableRow } from "../ohif-types.ts";
import { Chip } from "../ui/chip.tsx";
import { Meter } from "../ui/meter.tsx";
import { useStore } from "../ui/use-store.ts";
import { LiveSorting } from "./live-sorting.tsx";
import { compareUrgency } from "./triage-order.ts";
import { triage, triageItem } from "./triage-state.ts";

const TRIAGE_COLUMN = "vigilTriage";
const OUR_COLUMNS = [TRIAGE_COLUMN, "vigilHaemorrhage", "vigilFindings"];

/**
 * Vigil's columns, put before OHIF's own.
 * @param askForList makes the list ask the PACS again
 */
export function withTriageColumns(columns: StudyColumn[], askForList: () => void): StudyColumn[] {
  const plainHeader = columns[0]?.header ?? (() => null);
  return [
    triageColumn(plainHeader, askForList),
    haemorrhageColumn(plainHeader),
    findingsColumn(plainHeader),
    ...columns,
  ];
}

type Header = StudyColumn["header"];

function triageColumn(header: Header, askForList: () => void): StudyColumn {
  return {
    id: TRIAGE_COLUMN,
    accessorFn: (row) => triageText(triageItem(row.studyInstanceUid)),
    header: (context: HeaderContext) => (
      <>
        <LiveSorting
          table={context.table}
          columnIds={OUR_COLUMNS}
          defaultColumnId={TRIAGE_COLUMN}
          askForList={askForList}
        />
        {header(context)}
      </>
    ),
    cell: ({ row }) => <Cell row={row} show={triageCell} />,
    filterFn: textFilter(triageText),
    sortingFn: (a, b) => compareUrgency(itemOf(a), itemOf(b)),
    meta: { label: "Triage", minWidth: 270, priority: 130 },
  };
}

function haemorrhageColumn(header: Header): StudyColumn {
  return {
    id: "vigilHaemorrhage",
    accessorFn: (row) => triageItem(row.studyInstanceUid)?.probability ?? -1,
    header,
    cell: ({ row }) => <Cell row={row} show={haemorrhageCell} />,
    filterFn: textFilter((item) => (item?.probability == null ? "" : percent(item.probability))),
    sortingFn: (a, b) => (itemOf(a)?.probability ?? -1) - (itemOf(b)?.probability ?? -1),
    meta: { label: "Haemorrhage", minWidth: 136, priority: 129 },
  };
}

function findingsColumn(header: Header): StudyColumn {
  return {
    id: "vigilFindings",
    accessorFn: (row) => findingsText(triageItem(row.studyInstanceUid)),
    header,
    cell: ({ row }) => <Cell row={row} show={findingsCell} />,
    filterFn: textFilter(findingsText),
    sortingFn: (a, b) => findingsText(itemOf(a)).localeCompare(findingsText(itemOf(b))),
    meta: { label: "Findings", minWidth: 104, priority: 128 },
  };
}

function itemOf(row: TableRow): WorklistItem | undefined {
  return triageItem(row.original.studyInstanceUid);
}

/** OHIF renders a cell once; this keeps it up to date. */
function Cell({ row, show }: { row: TableRow; show: (item: WorklistItem) => React.ReactNode }) {
  const item = useStore(triage).items.get(row.original.studyInstanceUid);
  return (
    <div className="vigil-list-cell" data-cy={`vigil-row-${row.original.studyInstanceUid}`}>
      {item ? show(item) : <Nothing />}
    </div>
  );
}

function Nothing() {
  return <span className="vigil-muted">–</span>;
}

function triageText(item: WorklistItem | undefined): string {
  return item ? statusWords(item).text : "";
}

function triageCell(item: WorklistItem) {
  const words = statusWords(item);
  return <Chip status={words} title={item.error?.message ?? [words.text, ...item.notSeen].join("\n")} />;
}

function haemorrhageCell(item: WorklistItem) {
  if (item.probability === null) return <Nothing />;
  const tone = item.flag === "critical" || item.flag === "undetermined" ? item.flag : "negative";
  return (
    <span className="vigil-row">
      <Meter probability={item.probability} threshold={item.threshold} tone={tone} />
      <span className="vigil-number">{percent(item.probability)}</span>
    </span>
  );
}

function subtypes(item: WorklistItem) {
  return item.findings.filter(({ label }) => label !== "any");
}

function findingsText(item: WorklistItem | undefined): string {
  return item
    ? subtypes(item)
        .map(({ label }) => LABEL_ABBREVIATION[label])
        .join(", ")
    : "";
}

function findingsCell(item: WorklistItem) {
  if (subtypes(item).length === 0) return <Nothing />;
  const names = subtypes(item).map(({ label, probability }) => `${LABEL_NAME[label]} ${percent(probability)}`);
  return (
    <b className="vigil-findings" title={names.join(", ")}>
      {findingsText(item)}
    </b>
  );
}

function textFilter(text: (item: WorklistItem | undefined) => string): StudyColumn["filterFn"] {
  return (row, _columnId, filter) => text(itemOf(row)).toLowerCase().includes(String(filter).toLowerCase());
}

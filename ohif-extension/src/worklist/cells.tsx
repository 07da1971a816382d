import React from "react";
import { LABEL_ABBREVIATION, LABEL_NAME, percent, statusWords } from "../../../src/contract/words.ts";
import type { WorklistItem } from "../../../src/contract/worklist.ts";
import type { StudyRow } from "../ohif-types.ts";
import { Chip } from "../ui/chip.tsx";
import { Meter } from "../ui/meter.tsx";
import { useStore } from "../ui/use-store.ts";
import { arrivalWords, clock, duration } from "./arrival.ts";
import { ageAndSex, displayName, patientWords } from "./patient.ts";
import { hasEarlierFlag, listedTone } from "./study-groups.ts";
import { triage, triageItem } from "./triage-state.ts";

/** What each column says of a study. OHIF renders a cell once: each follows the live feed by itself. */

interface CellProps {
  row: StudyRow;
}

function useItem(row: StudyRow): WorklistItem | undefined {
  return useStore(triage).items.get(row.studyInstanceUid);
}

function Nothing() {
  return <span className="vigil-muted">–</span>;
}

/** The verdict, with its reason. */
export function TriageCell({ row }: CellProps) {
  const item = useItem(row);
  return (
    <div className="vigil-list-cell" data-cy={`vigil-row-${row.studyInstanceUid}`}>
      {item ? <Verdict item={item} /> : <span className="vigil-muted">Not seen by Vigil</span>}
    </div>
  );
}

function Verdict({ item }: { item: WorklistItem }) {
  const words = statusWords(item);
  const flag = hasEarlierFlag(item) && statusWords({ ...item, state: "scored" });
  return (
    <>
      {flag && <Chip status={{ ...flag, text: `${flag.text} before` }} title="The flag of an earlier result" />}
      <Chip status={words} title={[words.text, ...item.notSeen].join("\n")} />
      {item.read !== null && (
        <span className="vigil-read" title="A reader has answered">
          ✓ read
        </span>
      )}
      {item.error && (
        <span className="vigil-list-error" title={`${item.error.code}: ${item.error.message}`}>
          {item.error.message}
        </span>
      )}
    </>
  );
}

export function HaemorrhageCell({ row }: CellProps) {
  const item = useItem(row);
  if (item?.probability == null) return <Nothing />;
  const tone = listedTone(item);
  return (
    <span className="vigil-row vigil-list-meter">
      <Meter
        probability={item.probability}
        threshold={item.threshold}
        tone={tone === "critical" || tone === "undetermined" ? tone : "negative"}
      />
      <span className="vigil-number">
        <b>{percent(item.probability)}</b>
        {item.threshold !== null && (
          <span className="vigil-muted" title="Critical from this probability">
            {" "}
            / {percent(item.threshold)}
          </span>
        )}
      </span>
    </span>
  );
}

/** The kinds that stand out by themselves; one below its own threshold is not named. */
export function kinds(item: WorklistItem): WorklistItem["findings"] {
  return item.findings.filter(({ label }) => label !== "any").sort((a, b) => b.probability - a.probability);
}

export function KindCell({ row }: CellProps) {
  const item = useItem(row);
  if (item === undefined) return <Nothing />;
  const named = kinds(item);
  if (named.length === 0) {
    if (listedTone(item) !== "critical") return <Nothing />;
    return (
      <span className="vigil-muted" title="Haemorrhage is likely, but no kind of it reaches its own threshold">
        kind uncertain
      </span>
    );
  }
  const title = named.map(({ label, probability }) => `${LABEL_NAME[label]} ${percent(probability)}`).join("\n");
  return (
    <b className="vigil-findings" title={title}>
      {named.map(({ label }) => LABEL_ABBREVIATION[label]).join(", ")}
    </b>
  );
}

/** The PACS may know a name that Vigil does not know yet. */
export function patientText(row: StudyRow): string {
  const item = triageItem(row.studyInstanceUid);
  return (item && displayName(item.patientName)) || row.patientName || patientWords(item ?? identityOf(row));
}

function identityOf({ studyInstanceUid, mrn = "", accession = "" }: StudyRow) {
  return { patientName: "", patientId: mrn, accessionNumber: accession, studyInstanceUid };
}

export function PatientCell({ row }: CellProps) {
  const item = useItem(row);
  const title = [patientText(row), `ID ${row.mrn || "unknown"}`].join("\n");
  return (
    <span className="vigil-patient" title={title}>
      {patientText(row)}
      {item && <span className="vigil-muted"> {ageAndSex(item)}</span>}
    </span>
  );
}

export function ArrivalCell({ row }: CellProps) {
  const item = useItem(row);
  const now = useStore(clock);
  if (item === undefined) return <Nothing />;
  return (
    <span className="vigil-number" title={arrivalWords(item)}>
      {duration(now - Date.parse(item.receivedAt))}
    </span>
  );
}

export function DescriptionCell({ row }: CellProps) {
  if (!row.description) return <span className="vigil-muted">No description</span>;
  return (
    <span className="vigil-description" title={row.description}>
      {row.description}
    </span>
  );
}

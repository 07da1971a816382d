import React from "react";
import { t, translateSentence } from "../../../src/contract/translate.ts";
import { LABEL_ABBREVIATION, LABEL_NAME, scoreWords, statusWords } from "../../../src/contract/words.ts";
import type { WorklistItem } from "../../../src/contract/worklist.ts";
import { useLanguage } from "../i18n/use-language.ts";
import type { StudyRow } from "../ohif-types.ts";
import { Chip } from "../ui/chip.tsx";
import { Meter } from "../ui/meter.tsx";
import { useStore } from "../ui/use-store.ts";
import { arrivalWords, clock, duration } from "./arrival.ts";
import { ageAndSex, displayName, patientWords } from "./patient.ts";
import { ReadMark } from "./read-mark.tsx";
import { triage, triageItem } from "./triage-state.ts";

/** What each column says of a study. OHIF renders a cell once: each follows the live feed by itself. */

interface CellProps {
  row: StudyRow;
}

function useItem(row: StudyRow): WorklistItem | undefined {
  useLanguage();
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
      {item ? <Verdict item={item} /> : <span className="vigil-muted">{t("Not seen by Vigil")}</span>}
    </div>
  );
}

function Verdict({ item }: { item: WorklistItem }) {
  const words = statusWords(item);
  return (
    <>
      <Chip status={words} title={[words.text, ...item.notSeen.map(translateSentence)].join("\n")} />
      <ReadMark item={item} />
      {item.error && (
        <span className="vigil-list-error" title={`${item.error.code}: ${item.error.message}`}>
          {item.error.message}
        </span>
      )}
    </>
  );
}

/** The score and from where on it is critical, in the words of the panel. */
export function ScoreCell({ row }: CellProps) {
  const item = useItem(row);
  if (item?.probability == null) return <Nothing />;
  const { tone } = statusWords(item);
  return (
    <span className="vigil-list-score">
      <span>{scoreWords(item.probability, item.threshold)}</span>
      <Meter
        probability={item.probability}
        threshold={item.threshold}
        tone={tone === "critical" || tone === "undetermined" ? tone : "negative"}
      />
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
    if (statusWords(item).tone !== "critical") return <Nothing />;
    return (
      <span className="vigil-muted" title={t("Haemorrhage is likely, but no kind of it reaches its own threshold")}>
        {t("kind uncertain")}
      </span>
    );
  }
  const title = named.map(({ label, probability }) => `${t(LABEL_NAME[label])}: ${scoreWords(probability)}`).join("\n");
  return (
    <b className="vigil-findings" title={title}>
      {named.map(({ label }) => t(LABEL_ABBREVIATION[label])).join(", ")}
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
  const title = [patientText(row), t("ID {id}", { id: row.mrn || t("unknown") })].join("\n");
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

/** As the PACS says it; what must not wait stands out. */
export function PriorityCell({ row }: CellProps) {
  const priority = useItem(row)?.priority;
  if (!priority) return <Nothing />;
  return <span className={isUrgent(priority) ? "vigil-priority" : "vigil-muted"}>{priority}</span>;
}

/** Requested Procedure Priority (0040,1003) is STAT, HIGH, ROUTINE, MEDIUM or LOW. */
function isUrgent(priority: string): boolean {
  return /^(stat|high|emergency|urgent)/i.test(priority);
}

export function WardCell({ row }: CellProps) {
  const ward = useItem(row)?.ward;
  return ward ? <span className="vigil-description">{ward}</span> : <Nothing />;
}

export function DescriptionCell({ row }: CellProps) {
  if (!row.description) return <span className="vigil-muted">{t("No description")}</span>;
  return (
    <span className="vigil-description" title={row.description}>
      {row.description}
    </span>
  );
}

import type { StudyAttributes } from "../contract/study-attributes.ts";
import { type StatusWords, score } from "../contract/words.ts";
import { clip, clipMiddle, colour, columnsOf, printLine, toneText } from "./print.ts";
import { describe, type Naming, patientWords } from "./study-heading.ts";

/** One study of several. */
export interface StudyRow {
  studyInstanceUid: string;
  attributes: StudyAttributes | undefined;
  status: StatusWords;
  /** Of `any`; null where there is none. */
  probability: number | null;
}

const URGENCY: StatusWords["tone"][] = ["critical", "undetermined", "failed", "not-analysed", "pending", "negative"];
const TONE_NOUN: Record<StatusWords["tone"], string> = {
  critical: "critical",
  undetermined: "undetermined",
  failed: "failed",
  "not-analysed": "not analysed",
  pending: "pending",
  negative: "no bleed found",
};
const STATUS_WIDTH = 36;

/** All studies in one look, the most urgent first. */
export function printTable(rows: StudyRow[], { showNames }: Naming): void {
  const counts = URGENCY.flatMap((tone) => {
    const { length } = rows.filter(({ status }) => status.tone === tone);
    return length === 0 ? [] : `${length} ${TONE_NOUN[tone]}`;
  });
  printLine();
  printLine(colour("bold", `${rows.length} studies: ${counts.join(", ")}`));
  const urgency = ({ status }: StudyRow) => URGENCY.indexOf(status.tone);
  for (const row of rows.toSorted((a, b) => urgency(a) - urgency(b))) {
    const status = clip(`${row.status.symbol} ${row.status.text}`, STATUS_WIDTH);
    const gap = " ".repeat(STATUS_WIDTH - status.length);
    const points = (row.probability === null ? "" : score(row.probability)).padStart(3);
    const left = `${toneText(row.status, process.stdout, STATUS_WIDTH)}${gap} ${points}  `;
    printLine(`  ${left}${identity(row, showNames, columnsOf() - STATUS_WIDTH - 8)}`);
  }
}

function identity({ studyInstanceUid, attributes }: StudyRow, showNames: boolean, width: number): string {
  const named = showNames && attributes !== undefined ? patientWords(attributes) : describe(attributes);
  const uid = clipMiddle(studyInstanceUid, Math.max(12, Math.min(studyInstanceUid.length, width - named.length - 2)));
  return clip(`${named}${named === "" ? "" : "  "}${uid}`, width);
}

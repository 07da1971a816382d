import { clip, colour, columnsOf, toneText } from "../cli/print.ts";
import { errorWords } from "../cli/study-heading.ts";
import { score, statusWords } from "../contract/words.ts";
import type { WorklistItem } from "../contract/worklist.ts";

/** One row of the demo's live table. */
export interface DemoRow {
  studyInstanceUid: string;
  description: string;
  item: WorklistItem | undefined;
  /** Since the study's images were sent. */
  seconds: number;
}

const DESCRIPTION_WIDTH = 30;
const LEGEND = "  SR: the structured report is in Orthanc. The score goes from 0 to 100.";
/** Of the columns before the verdict. */
const VERDICT_FROM = 2 + DESCRIPTION_WIDTH + 7 + 4 + 2;

/**
 * Shows the rows on stderr: on a terminal in place, elsewhere one line for each change of a study.
 */
export class LiveTable {
  private linesDrawn = 0;
  private readonly said = new Map<string, string>();
  private readonly stream = process.stderr;

  draw(rows: DemoRow[]): void {
    // What has scrolled away cannot be drawn again.
    if (this.stream.isTTY && rows.length + 4 < this.stream.rows) this.redraw(rows);
    else this.tellChanges(rows);
  }

  private redraw(rows: DemoRow[]): void {
    const up = this.linesDrawn > 0 ? `\u001b[${this.linesDrawn}A` : "";
    const lines = ["", ...rows.map((row) => this.line(row)), "", colour("grey", LEGEND, this.stream), ""];
    this.stream.write(up + lines.map((line) => `\u001b[K${line}\n`).join(""));
    this.linesDrawn = lines.length;
  }

  private tellChanges(rows: DemoRow[]): void {
    for (const row of rows) {
      const news = `${row.item?.state} ${row.item?.flag}`;
      if (this.said.get(row.studyInstanceUid) === news) continue;
      this.said.set(row.studyInstanceUid, news);
      this.stream.write(`${this.line(row)}\n`);
    }
  }

  private line({ description, item, seconds }: DemoRow): string {
    const probability = item?.probability == null ? "" : score(item.probability);
    const name = clip(description, DESCRIPTION_WIDTH).padEnd(DESCRIPTION_WIDTH);
    return `  ${name} ${`${seconds.toFixed(1)} s`.padStart(6)} ${probability.padStart(3)}  ${this.verdict(item)}`;
  }

  /** A line that breaks would spoil the table. */
  private verdict(item: WorklistItem | undefined): string {
    if (item === undefined) return "on its way";
    const words = statusWords(item);
    const stored = item.state === "reported" ? " · SR" : "";
    const text = words.text + errorWords(item) + stored;
    return toneText({ ...words, text }, this.stream, columnsOf(this.stream) - VERDICT_FROM);
  }
}

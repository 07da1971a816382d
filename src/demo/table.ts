import { statusText } from "../cli/print.ts";
import { score } from "../contract/words.ts";
import type { WorklistItem } from "../contract/worklist.ts";

/** One row of the demo's live table. */
export interface DemoRow {
  description: string;
  item: WorklistItem | undefined;
  /** Since the study's images were sent. */
  seconds: number;
}

/**
 * Shows the rows on stderr: on a terminal in place, elsewhere one line for each change of a study.
 */
export class LiveTable {
  private linesDrawn = 0;
  private readonly said = new Map<string, string>();
  private readonly stream = process.stderr;

  draw(rows: DemoRow[]): void {
    if (this.stream.isTTY) this.redraw(rows);
    else this.tellChanges(rows);
  }

  private redraw(rows: DemoRow[]): void {
    const up = this.linesDrawn > 0 ? `\u001b[${this.linesDrawn}A` : "";
    const lines = ["", ...rows.map((row) => this.line(row)), ""];
    this.stream.write(up + lines.map((line) => `\u001b[K${line}\n`).join(""));
    this.linesDrawn = lines.length;
  }

  private tellChanges(rows: DemoRow[]): void {
    for (const row of rows) {
      const news = `${row.item?.state} ${row.item?.flag}`;
      if (this.said.get(row.description) === news) continue;
      this.said.set(row.description, news);
      this.stream.write(`${this.line(row)}\n`);
    }
  }

  private line({ description, item, seconds }: DemoRow): string {
    const state = item?.progress ? `scoring ${item.progress.done}/${item.progress.total}` : (item?.state ?? "sent");
    const probability = item?.probability == null ? "" : score(item.probability);
    const flag = item === undefined ? "" : statusText(item, this.stream);
    return `  ${description.padEnd(38)} ${state.padEnd(14)} ${probability.padStart(6)} ${`${seconds.toFixed(1)} s`.padStart(7)}  ${flag}`;
  }
}

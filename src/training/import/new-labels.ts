import { type Label, perLabel } from "../../contract/labels.ts";
import type { Dataset } from "../dataset/dataset.ts";
import { type LabelRow, labelLine } from "../dataset/label-row.ts";
import type { DatasetManifest } from "../dataset/manifest.ts";
import { earlierLabels, relabel } from "../dataset/relabel.ts";

/** Rows that a source gives now. */
export interface NewLabels {
  rows: LabelRow[];
  /** What is given whole (`wholeKey`): what stands of it and is not among the rows was taken back. */
  whole: Set<string>;
}

/** One source's word on one study: two services number their answers alike. */
export function wholeKey({ study, source }: Pick<LabelRow, "study" | "source">): string {
  return `${study} ${source}`;
}

export interface LabelChange {
  added: number;
  /** Stood already, word for word. */
  known: number;
  /** Were taken back by their source. */
  removed: number;
  manifest: DatasetManifest;
}

/** Adds rows behind those that stand; a row that stands already is no second one. The data set is sealed again. */
export async function addLabels(dataset: Dataset, { rows, whole }: NewLabels): Promise<LabelChange> {
  const left = new Map(rows.map((row) => [labelLine(row), row]));
  const all = left.size;
  let removed = 0;
  async function* merged(): AsyncGenerator<LabelRow> {
    for await (const row of earlierLabels(dataset.dir)) {
      const stands = left.delete(labelLine(row));
      if (!stands && whole.has(wholeKey(row))) removed++;
      else yield row;
    }
    yield* left.values();
  }
  const manifest = await relabel(dataset, merged());
  return { added: left.size, known: all - left.size, removed, manifest };
}

/**
 * What follows for the six labels from one of them: a kind that is there is a haemorrhage, and where there is none at
 * all there is none of any kind.
 */
export function impliedBy(label: Label, present: boolean): LabelRow["labels"] {
  return perLabel((other) => {
    if (other === label) return present ? 1 : 0;
    if (present) return other === "any" ? 1 : null;
    return label === "any" ? 0 : null;
  });
}

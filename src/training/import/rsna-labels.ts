import { LABELS, type Label, type PerLabel, perLabel } from "../../contract/labels.ts";
import type { LabelRow } from "../dataset/label-row.ts";
import { LabelIndex } from "../dataset/resolve-labels.ts";
import { readLabelTable } from "./label-table.ts";
import type { ProblemTally } from "./problems.ts";

/** All that a label file says, checked; two bits a label. */
export interface RsnaLabels {
  index: LabelIndex;
  rows: number;
  /** Labels that the file gives as 0 and as 1. */
  conflicts: { image: string; label: Label }[];
  /** The same by image. */
  disputed: Map<string, Label[]>;
  /** `share` is that of the images for which the label is known. */
  counts: PerLabel<{ positive: number; share: number }>;
}

/** How often a progress line is brought up to date, in rows. */
const PROGRESS_ROWS = 10_000;

/**
 * Reads a label file of the RSNA collection: 4.0 million rows (stage 1) or 4.5 (stage 2), in about 200 MB.
 * @throws VigilError table-invalid, not-found
 */
export async function readRsnaLabels(
  file: string,
  tally: ProblemTally,
  onProgress?: (rows: number) => void,
): Promise<RsnaLabels> {
  const index = new LabelIndex();
  let rows = 0;
  const onFault = ({
    code,
    line,
    what,
  }: {
    code: "row-unreadable" | "label-unknown" | "value-invalid";
    line: number;
    what: string;
  }) => tally.add(code, `line ${line}: ${what}`);
  for await (const { line, image: name, said } of readLabelTable(file, onFault)) {
    if (++rows % PROGRESS_ROWS === 0) onProgress?.(rows);
    const image = name.replace(/^.*[/\\]/, "").replace(/\.dcm$/i, "");
    let isNew = said.length === 0;
    for (const [label, value] of said) {
      if (index.get("", image, label) === value) continue;
      isNew = true;
      index.say({ study: "", sop: image, source: `line ${line}`, reader: "" }, label, value);
    }
    if (!isNew) tally.add("duplicate-rows", `line ${line}: ${image}`);
  }
  const conflicts = index.conflicts.map(({ sop, label }) => ({ image: sop!, label }));
  const disputed = new Map<string, Label[]>();
  for (const { image, label } of conflicts) {
    tally.add("labels-contradict", `${image} ${label}`);
    disputed.set(image, [...(disputed.get(image) ?? []), label]);
  }
  return { index, rows, conflicts, disputed, counts: countLabels(index, disputed, tally) };
}

function countLabels(index: LabelIndex, disputed: RsnaLabels["disputed"], tally: ProblemTally): RsnaLabels["counts"] {
  const counts = perLabel(() => ({ known: 0, positive: 0 }));
  for (const image of index.images()) {
    const values = perLabel((label) => index.get("", image, label));
    for (const label of LABELS) {
      if (values[label] === null) continue;
      counts[label].known++;
      counts[label].positive += values[label];
    }
    const missing = LABELS.filter((label) => values[label] === null && !disputed.get(image)?.includes(label));
    if (missing.length > 0) tally.add("labels-missing", `${image}: ${missing.join(", ")}`);
    const kinds = LABELS.filter((label) => label !== "any").map((label) => values[label]);
    const union = kinds.includes(1) ? 1 : kinds.includes(null) ? null : 0;
    if (union !== null && values.any !== null && union !== values.any) tally.add("any-differs", image);
  }
  return perLabel((label) => {
    const { known, positive } = counts[label];
    return { positive, share: known === 0 ? 0 : positive / known };
  });
}

/** What the file says of one image as rows of labels.csv: two where it contradicts itself, so that it shows there too. */
export function rsnaLabelRows(
  { index, disputed: allDisputed }: RsnaLabels,
  image: string,
  about: Pick<LabelRow, "study" | "sop" | "source">,
): LabelRow[] {
  const disputed = allDisputed.get(image) ?? [];
  const row = (labels: LabelRow["labels"]): LabelRow => ({ ...about, labels, reader: "rsna", at: "" });
  const said = (other: 0 | 1) => perLabel((label) => (disputed.includes(label) ? other : index.get("", image, label)));
  if (disputed.length === 0) return [row(said(0))];
  return [row(said(1)), row(perLabel((label) => (disputed.includes(label) ? 0 : null)))];
}

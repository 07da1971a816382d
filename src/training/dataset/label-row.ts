import { z } from "zod";
import { LABELS, type PerLabel, perLabel } from "../../contract/labels.ts";
import { type CsvRow, checkedRow, csvLine, readCsv } from "./csv-rows.ts";

/** 1 = there, 0 = not there, null = nobody said. */
export type LabelValue = 0 | 1 | null;

/**
 * What one source says of one image, or of a whole study (`sop` is null). Several may speak of the same image: all stand,
 * and where they differ it is listed (`resolveLabels`).
 */
export interface LabelRow {
  /** Empty where the source knows the image only. */
  study: string;
  /** `instanceKey` of the image; null for the whole study. */
  sop: string | null;
  labels: PerLabel<LabelValue>;
  /** Such as `rsna:<file>`, `csv:<file>`, `feedback:<id>`, `sr:<SOP Instance UID>`. */
  source: string;
  reader: string;
  /** ISO date and time; "" when unknown. */
  at: string;
}

export const LABEL_COLUMNS = ["study", "sop", ...LABELS, "source", "reader", "at"] as const;

const valueSchema = z.enum(["0", "1", ""], { error: "must be 0, 1 or empty" });
const rowSchema = z.object({
  study: z.string(),
  sop: z.string(),
  ...perLabel(() => valueSchema),
  source: z.string(),
  reader: z.string(),
  at: z.string(),
});

/**
 * The rows of a labels.csv.
 * @throws VigilError table-invalid, not-found
 */
export async function* readLabelRows(file: string): AsyncGenerator<LabelRow> {
  for await (const row of readCsv(file, LABEL_COLUMNS)) yield labelRowOf(file, row);
}

function labelRowOf(file: string, row: CsvRow): LabelRow {
  const { study, sop, source, reader, at, ...cells } = checkedRow(file, row, rowSchema);
  const labels = perLabel((label): LabelValue => {
    const cell = cells[label];
    return cell === "" ? null : cell === "1" ? 1 : 0;
  });
  return { study, sop: sop === "" ? null : sop, labels, source, reader, at };
}

export function labelLine({ study, sop, labels, source, reader, at }: LabelRow): string {
  return csvLine([study, sop ?? "", ...LABELS.map((label) => labels[label]), source, reader, at]);
}

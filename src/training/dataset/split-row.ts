import { z } from "zod";
import { checkedRow, csvLine, readCsv } from "./csv-rows.ts";

export const SPLIT_COLUMNS = ["study", "patient", "fold"] as const;

/**
 * One line of split.csv: the fold of a study, from 0. A hold-out is fold 0 for validation and 1 for training.
 * `--by slice` (the reference's own split, with its leak) adds a column `sop`.
 */
const splitRowSchema = z.object({
  study: z.string().min(1),
  patient: z.string().min(1),
  fold: z.coerce.number().int().min(0),
  sop: z.string().optional(),
});
export type SplitRow = z.infer<typeof splitRowSchema>;

/** @throws VigilError table-invalid, not-found */
export async function* readSplit(file: string): AsyncGenerator<SplitRow> {
  for await (const row of readCsv(file, SPLIT_COLUMNS)) yield checkedRow(file, row, splitRowSchema);
}

export function splitLine({ study, patient, fold, sop }: SplitRow): string {
  return csvLine(sop === undefined ? [study, patient, fold] : [study, patient, fold, sop]);
}

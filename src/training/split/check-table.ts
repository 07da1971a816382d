import { VigilError } from "../../errors.ts";
import { readCsv } from "../dataset/csv-rows.ts";

/** One line of a table that divides images, whoever made it. What the table does not say is absent. */
export interface DividedRow {
  side: string;
  patient?: string;
  study?: string;
  /** `instanceKey` of an image. */
  image?: string;
  /** Of an image, relative to a folder. */
  path?: string;
}

/** Names that tables use, in lower case without blanks, dashes and underscores. */
const COLUMNS: Record<keyof DividedRow, string[]> = {
  side: ["fold", "split", "side", "set", "subset", "partition", "phase"],
  patient: ["patient", "patientid", "subject", "subjectid", "pid"],
  study: ["study", "studyid", "studyuid", "studyinstanceuid"],
  image: ["sop", "sopinstanceuid", "image", "imageid", "instance", "id"],
  path: ["path", "file", "filepath", "filename"],
};

/**
 * The rows of any CSV with a column for the side (fold, split, set …) and at least one for patient, study, image or path.
 * @throws VigilError table-invalid, not-found
 */
export async function* readDividedRows(file: string): AsyncGenerator<DividedRow> {
  let columns: Map<keyof DividedRow, string> | undefined;
  for await (const { line, cells } of readCsv(file, [])) {
    columns ??= columnsOf(file, Object.keys(cells));
    const known = [...columns].flatMap(([name, column]) => (cells[column] ? [[name, cells[column]] as const] : []));
    const row = Object.fromEntries(known) as Partial<DividedRow>;
    if (row.side === undefined || known.length < 2)
      throw new VigilError("table-invalid", `${file}, line ${line}: says not what stands on which side`);
    yield row as DividedRow;
  }
  if (columns === undefined) throw new VigilError("table-invalid", `${file} has no rows`);
}

function columnsOf(file: string, header: string[]): Map<keyof DividedRow, string> {
  const plain = (name: string) => name.toLowerCase().replace(/[\s_-]/g, "");
  const found = new Map<keyof DividedRow, string>();
  for (const [name, aliases] of Object.entries(COLUMNS) as [keyof DividedRow, string[]][]) {
    const columns = header.filter((column) => aliases.includes(plain(column)));
    if (columns.length > 1)
      throw new VigilError("table-invalid", `${file}: columns "${columns.join('" and "')}" mean the same: leave one`);
    if (columns[0] !== undefined) found.set(name, columns[0]);
  }
  const names = header.map((column) => `"${column}"`).join(", ");
  if (!found.has("side"))
    throw new VigilError(
      "table-invalid",
      `${file} has no column for the side, such as fold or split (it has ${names})`,
    );
  if (found.size === 1)
    throw new VigilError("table-invalid", `${file} has no column patient, study, sop or path (it has ${names})`);
  return found;
}

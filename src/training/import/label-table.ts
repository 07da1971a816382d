import { LABELS, type Label } from "../../contract/labels.ts";
import { VigilError } from "../../errors.ts";
import { type CsvRow, readCsv } from "../dataset/csv-rows.ts";

/** One row of an RSNA-style table: of one label (`ID_<image>_<label>,Label`), or of all (a column for each). */
export interface LabelTableRow {
  line: number;
  /** As the table has it: a SOP Instance UID, an `ID_…`, or the name of a file. */
  image: string;
  said: [Label, 0 | 1][];
  /** The other columns, by their names in small letters. */
  others: Record<string, string>;
}

export interface TableFault {
  code: "row-unreadable" | "label-unknown" | "value-invalid";
  line: number;
  what: string;
}

const IMAGE_COLUMNS = ["id", "image", "sop", "sopinstanceuid", "sop_instance_uid", "file", "filename", "path"];

/**
 * The rows of a label table as they come, so that any number fits.
 * @param onFault is told what cannot be used; the rest of the row counts
 * @throws VigilError table-invalid when there is no column of images or none of labels; not-found
 */
export async function* readLabelTable(
  file: string,
  onFault: (fault: TableFault) => void,
): AsyncGenerator<LabelTableRow> {
  let rowOf: ((row: CsvRow) => LabelTableRow | TableFault) | undefined;
  for await (const row of readCsv(file, [])) {
    rowOf ??= rowReader(file, Object.keys(row.cells), onFault);
    const read = rowOf(row);
    if ("code" in read) onFault(read);
    else yield read;
  }
  if (rowOf === undefined) throw new VigilError("table-invalid", `${file} has no rows`);
}

function rowReader(file: string, columns: string[], onFault: (fault: TableFault) => void) {
  const byName = new Map(columns.map((column) => [column.toLowerCase(), column]));
  const image = IMAGE_COLUMNS.flatMap((name) => byName.get(name) ?? [])[0];
  const labels = LABELS.flatMap((label): [Label, string][] => {
    const column = byName.get(label);
    return column === undefined ? [] : [[label, column]];
  });
  const value = byName.get("label");
  if (image !== undefined && labels.length > 0) return wideReader(image, labels, onFault);
  if (image !== undefined && value !== undefined) return longReader(image, value);
  const wanted = `one of images (${IMAGE_COLUMNS.join(", ")}) and "Label", or one for each of ${LABELS.join(", ")}`;
  throw new VigilError(
    "table-invalid",
    `${file} needs the columns ${wanted}; its first line has ${columns.join(", ")}`,
  );
}

function longReader(idColumn: string, valueColumn: string) {
  return ({ line, cells }: CsvRow): LabelTableRow | TableFault => {
    const id = cells[idColumn]!;
    const end = id.lastIndexOf("_");
    if (end < 1) return { code: "row-unreadable", line, what: `"${id}" is not <image>_<label>` };
    const label = labelOf(id.slice(end + 1));
    if (label === undefined)
      return { code: "label-unknown", line, what: `"${id.slice(end + 1)}" is none of the labels` };
    const value = labelValue(cells[valueColumn]!);
    if (value === undefined) return { code: "value-invalid", line, what: `"${cells[valueColumn]}" is not 0 or 1` };
    return { line, image: id.slice(0, end), said: [[label, value]], others: {} };
  };
}

function wideReader(image: string, labels: [Label, string][], onFault: (fault: TableFault) => void) {
  const used = new Set([image, ...labels.map(([, column]) => column)]);
  return ({ line, cells }: CsvRow): LabelTableRow | TableFault => {
    const said: [Label, 0 | 1][] = [];
    for (const [label, column] of labels) {
      const value = labelValue(cells[column]!);
      if (value !== undefined) said.push([label, value]);
      else if (cells[column] !== "") {
        onFault({ code: "value-invalid", line, what: `"${cells[column]}" in column "${column}" is not 0 or 1` });
      }
    }
    const others = Object.entries(cells).flatMap(([column, cell]) =>
      used.has(column) ? [] : [[column.toLowerCase(), cell]],
    );
    return { line, image: cells[image]!, said: withAny(said), others: Object.fromEntries(others) };
  };
}

/** Tables of the five kinds alone say "any" by them. */
function withAny(said: [Label, 0 | 1][]): [Label, 0 | 1][] {
  if (said.some(([label]) => label === "any")) return said;
  if (said.some(([, value]) => value === 1)) return [...said, ["any", 1]];
  return said.length === LABELS.length - 1 ? [...said, ["any", 0]] : said;
}

const BY_NAME = new Map<string, Label>(LABELS.map((label) => [label, label]));

function labelOf(name: string): Label | undefined {
  return BY_NAME.get(name) ?? BY_NAME.get(name.toLowerCase());
}

function labelValue(cell: string): 0 | 1 | undefined {
  if (cell === "0") return 0;
  if (cell === "1") return 1;
  // Written by programs that take every column for decimals.
  return cell === "0.0" ? 0 : cell === "1.0" ? 1 : undefined;
}

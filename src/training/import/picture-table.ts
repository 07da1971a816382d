import { LABELS, type PerLabel, perLabel } from "../../contract/labels.ts";
import { VigilError } from "../../errors.ts";
import type { LabelValue } from "../dataset/label-row.ts";
import { type LabelTableRow, readLabelTable } from "./label-table.ts";
import type { ProblemTally } from "./problems.ts";

/** One picture, as its table has it. */
export interface PictureRow {
  line: number;
  /** From the folder of the pictures, with slashes. */
  path: string;
  patient: string;
  study: string;
  /** Number of the slice in its study, from the neck upwards. */
  slice: number;
  zMm: number | null;
  labels: PerLabel<LabelValue>;
}

const PATIENT_COLUMNS = ["patient", "patientid", "patient_id", "patientnumber"];
const STUDY_COLUMNS = ["study", "studyinstanceuid", "study_id"];
const SLICE_COLUMNS = ["slice", "slicenumber", "slice_number", "instance"];
const Z_COLUMNS = ["z", "z_mm", "position"];

/**
 * The pictures of each study, in their order. A picture without a study belongs to one of its patient's own name.
 * @throws VigilError table-invalid, naming file and line; not-found
 */
export async function readPictureTable(file: string, tally: ProblemTally): Promise<PictureRow[][]> {
  const studies = new Map<string, PictureRow[]>();
  const paths = new Map<string, number>();
  for await (const row of readLabelTable(file, refuse(file))) {
    if (studies.size === 0) tellUnused(row, tally);
    const earlier = paths.get(row.image);
    if (earlier !== undefined) throw at(file, row.line, `${row.image} stands in line ${earlier} already: leave one`);
    paths.set(row.image, row.line);
    const picture = pictureOf(file, row);
    const key = JSON.stringify([picture.patient, picture.study]);
    const known = studies.get(key);
    if (known === undefined) studies.set(key, [picture]);
    else known.push(picture);
  }
  return [...studies.values()].map((pictures) => pictures.sort(inOrder));
}

function refuse(file: string) {
  return ({ line, what }: { line: number; what: string }): never => {
    throw at(file, line, what);
  };
}

function at(file: string, line: number, what: string): VigilError {
  return new VigilError("table-invalid", `${file}, line ${line}: ${what}`);
}

function pictureOf(file: string, { line, image, said, others }: LabelTableRow): PictureRow {
  const patient = firstOf(others, PATIENT_COLUMNS) ?? "";
  if (patient === "") throw at(file, line, `there is no patient: a column ${PATIENT_COLUMNS[0]} must name one`);
  const slice = numberIn(file, line, others, SLICE_COLUMNS);
  const zMm = numberIn(file, line, others, Z_COLUMNS);
  if (slice === null && zMm === null)
    throw at(file, line, "nothing says where the slice lies: a column slice (1, 2, …) or z (mm) must");
  const given = new Map(said);
  const labels = perLabel((label): LabelValue => given.get(label) ?? null);
  const study = firstOf(others, STUDY_COLUMNS) || patient;
  return { line, path: image.replaceAll("\\", "/"), patient, study, slice: slice ?? 0, zMm, labels };
}

function firstOf(others: Record<string, string>, columns: string[]): string | undefined {
  return columns.flatMap((column) => others[column] ?? [])[0];
}

function numberIn(file: string, line: number, others: Record<string, string>, columns: string[]): number | null {
  const cell = firstOf(others, columns);
  if (cell === undefined || cell === "") return null;
  const value = Number(cell);
  if (Number.isFinite(value)) return value;
  throw at(file, line, `"${cell}" in column "${columns.find((column) => column in others)}" is no number`);
}

function inOrder(a: PictureRow, b: PictureRow): number {
  return (a.zMm ?? 0) - (b.zMm ?? 0) || a.slice - b.slice || a.line - b.line;
}

function tellUnused({ others }: LabelTableRow, tally: ProblemTally): void {
  const known = new Set<string>([...PATIENT_COLUMNS, ...STUDY_COLUMNS, ...SLICE_COLUMNS, ...Z_COLUMNS, ...LABELS]);
  for (const column of Object.keys(others)) if (!known.has(column)) tally.add("columns-unused", column);
}

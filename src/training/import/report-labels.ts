import { readFileHeader } from "../../dicom/file-header.ts";
import { filesIn, readWhole } from "../../dicom/folder-files.ts";
import { toVigilError } from "../../errors.ts";
import type { LabelRow } from "../dataset/label-row.ts";
import type { DatasetImages } from "./dataset-images.ts";
import { impliedBy, type NewLabels, wholeKey } from "./new-labels.ts";
import { type OriginalNames, UNCHANGED } from "./original-names.ts";
import { type ReportStatements, statementsOf } from "./report-statements.ts";
import { type Report, readReport } from "./report-tree.ts";
import type { UnknownNames } from "./unknown-names.ts";

export interface ReportLabels extends NewLabels {
  /** Reports of the data set's studies. */
  reports: number;
  /** Reports of studies that the data set does not have. */
  otherStudies: number;
  /** Findings that are none of the six labels, by their codes, with how often. */
  otherFindings: Record<string, number>;
  unreadable: string[];
}

/**
 * What structured reports say (TID 1500), ours and others', of whole studies and of the images they refer to.
 * @param dir searched for reports with all that is below it; a single file; a data set
 * @throws VigilError not-found; table-invalid for images that are not in the data set, unless they are to be passed over
 */
export async function labelsOfReports(
  dir: string,
  images: DatasetImages,
  names: OriginalNames,
  unknown: UnknownNames,
): Promise<ReportLabels> {
  const empty = { reports: 0, otherStudies: 0, otherFindings: {}, unreadable: [] };
  const found: ReportLabels = { rows: [], whole: new Set(), ...empty };
  for await (const entry of filesIn(dir)) {
    if ("message" in entry) found.unreadable.push(entry.message);
    if (entry.kind !== "file") continue;
    try {
      const report = await reportIn(entry.file);
      if (report !== null) addReport(report, entry.file, { images, names, unknown, found });
    } catch (error) {
      const known = toVigilError(error);
      if (known.code !== "dicom-unreadable") throw error;
      found.unreadable.push(known.message);
    }
  }
  return found;
}

/** Only files whose header says so are read whole: a data set holds many more images than reports. */
async function reportIn(file: string): Promise<Report | null> {
  const header = await readFileHeader(file);
  return header?.headers[0]?.modality === "SR" ? readReport(await readWhole(file), file) : null;
}

interface Context {
  images: DatasetImages;
  names: OriginalNames;
  unknown: UnknownNames;
  found: ReportLabels;
}

function addReport(report: Report, file: string, { images, names: namesOfPacs, unknown, found }: Context): void {
  // A report in a data set that was de-identified with it names that data set's studies.
  const names = images.hasStudy(report.study) ? UNCHANGED : namesOfPacs;
  const study = names.uid(report.study);
  if (!images.hasStudy(study)) {
    found.otherStudies++;
    return;
  }
  found.reports++;
  const read = statementsOf(report);
  for (const finding of read.otherFindings) found.otherFindings[finding] = (found.otherFindings[finding] ?? 0) + 1;
  const source = `sr:${names.uid(report.sop)}`;
  found.whole.add(wholeKey({ study, source }));
  const reader = read.reader === "" ? "" : names.reader(read.reader);
  const about = { source, reader, at: names.at(report.at, report.patientId) };
  found.rows.push(...rowsOf(read, study, about, (reference) => placeOf(reference, names, images, file, unknown)));
}

function placeOf(
  reference: string,
  { uid }: OriginalNames,
  images: DatasetImages,
  file: string,
  unknown: UnknownNames,
): string[] {
  const [sop = "", frame] = reference.split("#");
  // An object of one frame is one image, whether or not a report counts its frames.
  const image = [`${uid(sop)}#${frame}`, uid(sop)].find((name) => images.studyOf(name) !== undefined);
  if (image !== undefined) return [image];
  unknown.meet(file, `it refers to image ${reference}, which is not in the data set`);
  return [];
}

/** A finding that is seen in images is in the study; one that is absent from images may be in others. */
function rowsOf(
  { statements }: ReportStatements,
  study: string,
  about: Pick<LabelRow, "source" | "reader" | "at">,
  placesOf: (reference: string) => string[],
): LabelRow[] {
  return statements.flatMap(({ label, present, images }) => {
    const labels = impliedBy(label, present);
    const sops: (string | null)[] = images.flatMap(placesOf);
    if (present || images.length === 0) sops.push(null);
    return sops.map((sop) => ({ study, sop, labels, ...about }));
  });
}

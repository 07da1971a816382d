import type { FeedbackRecord } from "../../contract/feedback.ts";
import type { LabelRow } from "../dataset/label-row.ts";
import type { DatasetImages } from "./dataset-images.ts";
import { impliedBy, type NewLabels, wholeKey } from "./new-labels.ts";
import type { OriginalNames } from "./original-names.ts";

export interface FeedbackLabels extends NewLabels {
  /** Answers about studies that the data set does not have. */
  otherStudies: number;
  withdrawn: number;
  /** Answers about an image that the data set does not have, of a study that it has: they count for the study. */
  otherImages: number;
}

/**
 * What readers answered in the viewer. Each answer is a source of its own, so that one that is withdrawn later (which
 * every correction does, too) disappears from labels.csv. An answer about an image speaks of its study as well where it
 * says that something is there.
 */
export async function labelsOfFeedback(
  records: AsyncIterable<FeedbackRecord>,
  images: DatasetImages,
  names: OriginalNames,
): Promise<FeedbackLabels> {
  const found = { otherStudies: 0, withdrawn: 0, otherImages: 0 };
  // One that is withdrawn while the pages are read comes twice; the later word holds.
  const rowsOf = new Map<string, LabelRow[]>();
  for await (const record of records) {
    const study = names.uid(record.studyInstanceUid);
    if (!images.hasStudy(study)) {
      found.otherStudies++;
      continue;
    }
    const source = `feedback:${record.id}`;
    const rows: LabelRow[] = [];
    rowsOf.set(wholeKey({ study, source }), rows);
    if (record.withdrawnAt !== null) {
      found.withdrawn++;
      continue;
    }
    const reader = record.reader === null ? "" : names.reader(record.reader);
    const at = names.at(record.at, record.patientId);
    const labels = impliedBy(record.label, record.present);
    const row = (sop: string | null): LabelRow => ({ study, sop, labels, source, reader, at });
    const sop = record.sopInstanceUid === null ? null : names.uid(record.sopInstanceUid);
    const isHere = sop !== null && images.studyOf(sop) === study;
    if (sop !== null && !isHere) found.otherImages++;
    if (isHere) rows.push(row(sop));
    if (record.present || sop === null) rows.push(row(null));
  }
  return { ...found, rows: [...rowsOf.values()].flat(), whole: new Set(rowsOf.keys()) };
}

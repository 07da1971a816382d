import type { KeySlice } from "../contract/finding.ts";
import type { Analysed } from "../contract/result.ts";
import type { StudyAttributes } from "../contract/study-attributes.ts";
import { VigilError } from "../errors.ts";
import type { ImageReference } from "./content-item.ts";

/** What a report is made of: a study that was read and scored. */
export interface ReportSource {
  result: Analysed;
  attributes: StudyAttributes;
  /** By Series Instance UID: what the slices that were read have in common. */
  images: Record<string, SourceImages>;
  /** SHA-256 of what was analysed. */
  contentHash: string;
}

export interface SourceImages {
  sopClassUid: string;
  rows: number;
  columns: number;
}

/** Refers to the image, or the frame of one, that a slice was read from. */
export function imageOf(
  {
    seriesInstanceUid,
    sopInstanceUid,
    frameNumber,
  }: Pick<KeySlice, "seriesInstanceUid" | "sopInstanceUid" | "frameNumber">,
  images: ReportSource["images"],
): ImageReference & { rows: number; columns: number } {
  const series = images[seriesInstanceUid];
  if (series === undefined) throw new VigilError("report-invalid", `series ${seriesInstanceUid} was not read`);
  return { ...series, sopInstanceUid, frameNumber };
}

import type { KeySlice } from "../contract/finding.ts";
import type { Analysed } from "../contract/result.ts";
import type { StudyAttributes } from "../contract/study-attributes.ts";
import { VigilError } from "../errors.ts";
import type { ImageReference } from "./content-item.ts";

/** What a report is made of: a study that was read and scored. */
export interface ReportSource {
  result: Analysed;
  attributes: StudyAttributes;
  /** By SOP Instance UID: the images that were read. */
  images: Record<string, SourceImage>;
  /** SHA-256 of what was analysed. */
  contentHash: string;
}

export interface SourceImage {
  sopClassUid: string;
  rows: number;
  columns: number;
}

/** Refers to the image, or the frame of one, that a slice was read from. */
export function imageOf(
  { sopInstanceUid, frameNumber }: Pick<KeySlice, "sopInstanceUid" | "frameNumber">,
  images: ReportSource["images"],
): ImageReference & { rows: number; columns: number } {
  const image = images[sopInstanceUid];
  if (image === undefined) throw new VigilError("report-invalid", `image ${sopInstanceUid} was not read`);
  return { ...image, sopInstanceUid, frameNumber };
}

import type { HeatMap } from "../contract/heat-map.ts";
import type { Analysed, NotAnalysed } from "../contract/result.ts";
import type { StudyAttributes } from "../contract/study-attributes.ts";

/** Everything that scoring a study yields: what is shown, what reports need, what decides whether to score again. */
export type StudyAnalysis = AnalysedStudy | NotAnalysedStudy;

interface EveryStudy {
  attributes: StudyAttributes;
  /** SHA-256 over the SOP Instance UIDs and pixel values that were read; over the list of instances when none fits. */
  contentHash: string;
}

export interface AnalysedStudy extends EveryStudy {
  result: Analysed;
  /** By SOP Instance UID: the images that were read. */
  images: Record<string, SourceImage>;
  /** null when the model has no map */
  heatMap: HeatMap | null;
}

export interface NotAnalysedStudy extends EveryStudy {
  result: NotAnalysed;
}

/** What a report must know of an image to refer to it. */
export interface SourceImage {
  sopClassUid: string;
  rows: number;
  columns: number;
}

export function wasAnalysed(analysis: StudyAnalysis): analysis is AnalysedStudy {
  return analysis.result.reason === null;
}

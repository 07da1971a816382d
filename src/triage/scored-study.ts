import type { HeatMap } from "../ai/heat-map.ts";
import type { StudyAttributes } from "../dicom/study-attributes.ts";
import type { StudyResult } from "../result.ts";

/** Everything that scoring a study yields: what is shown, what reports need, what decides whether to score again. */
export interface ScoredStudy {
  result: StudyResult;
  attributes: StudyAttributes;
  /** null when no series fits. */
  image: SourceImage | null;
  /** null when the model has no map, or no series fits. */
  heatMap: HeatMap | null;
  /** SHA-256 over the chosen series' SOP Instance UIDs and pixel bytes; over the list of instances when none fits. */
  contentHash: string;
}

/** What the slices of the chosen series have in common. */
export interface SourceImage {
  sopClassUid: string;
  frameOfReferenceUid: string;
  rows: number;
  columns: number;
}

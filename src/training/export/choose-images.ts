import { REASON_TEXT } from "../../contract/reasons.ts";
import type { SelectionSettings } from "../../dicom/selection/rules.ts";
import { selectSeries } from "../../dicom/selection/selection.ts";
import type { InstanceHeader } from "../../dicom/source.ts";
import { SOP_CLASS } from "../../dicom/uids.ts";

/** `chosen` = what Vigil would read; `all` = every CT image. */
export type SeriesChoice = "chosen" | "all";

/** Why a study is not in the data set: a stable code, and a sentence without names and numbers of people. */
export interface SkipReason {
  reason: string;
  message: string;
}

/** Series that stand for each other, the best first: the next takes the place of one that cannot be read whole. */
export type Alternatives = string[];

const CT_IMAGES: string[] = [
  SOP_CLASS.ctImage,
  SOP_CLASS.enhancedCtImage,
  SOP_CLASS.legacyConvertedEnhancedCtImage,
  "", // RSNA's files do not say of which class they are
];

/** The series of a study to export, or why there are none. */
export function chooseSeries(
  headers: InstanceHeader[],
  choice: SeriesChoice,
  settings: SelectionSettings,
): Alternatives[] | SkipReason {
  if (choice === "chosen") {
    const { acquisitions, reason } = selectSeries(headers, settings);
    if (reason !== null) return { reason, message: `Vigil would read nothing of it: ${REASON_TEXT[reason]}` };
    return acquisitions.flatMap(({ parts }) => parts.map(({ seriesInstanceUids }) => seriesInstanceUids));
  }
  const series = new Set(headers.filter(isCtImage).map(({ seriesInstanceUid }) => seriesInstanceUid));
  if (series.size === 0) return { reason: "no-ct", message: "it has no CT image" };
  return [...series].map((uid) => [uid]);
}

/** Each object of a series once, however many frames it has. */
export function objectsOf(headers: InstanceHeader[], seriesInstanceUid: string): InstanceHeader[] {
  const images = headers.filter((header) => header.seriesInstanceUid === seriesInstanceUid && isCtImage(header));
  return [...new Map(images.map((header) => [header.sopInstanceUid, header])).values()];
}

function isCtImage({ modality, sopClassUid }: InstanceHeader): boolean {
  return modality === "CT" && CT_IMAGES.includes(sopClassUid);
}

import { type Warning, warning } from "../contract/warning.ts";
import { headersFromMetadata } from "../dicom/header.ts";
import type { InstanceHeader } from "../dicom/source.ts";
import { VigilError } from "../errors.ts";

/** What WADO-RS metadata says of a study. */
export interface StudyMetadata {
  headers: InstanceHeader[];
  /** One, where instances could not be read. */
  warnings: Warning[];
  /** How many could not be read; the PACS counts them among its own. */
  unreadable: number;
}

/**
 * Reads each instance on its own, so that one which cannot be read does not hide the others. An instance that is named
 * twice counts once.
 * @throws VigilError pacs-answer-invalid when none can be read, or one is of another study
 */
export function readStudyMetadata(studyInstanceUid: string, metadata: unknown): StudyMetadata {
  if (!Array.isArray(metadata)) {
    throw new VigilError("pacs-answer-invalid", "the PACS answered with metadata that are not a list of DICOM JSON");
  }
  const byInstance = new Map<string, InstanceHeader[]>();
  let unreadable = 0;
  for (const dataset of metadata) {
    const headers = readHeaders(dataset);
    const [first] = headers;
    if (first === undefined) {
      unreadable += 1;
      continue;
    }
    if (first.study.studyInstanceUid !== studyInstanceUid) {
      const message = `the PACS sent metadata of another study when asked for ${studyInstanceUid}`;
      throw new VigilError("pacs-answer-invalid", message);
    }
    if (!byInstance.has(first.sopInstanceUid)) byInstance.set(first.sopInstanceUid, headers);
  }
  if (unreadable > 0 && byInstance.size === 0) {
    throw new VigilError("pacs-answer-invalid", `the metadata of study ${studyInstanceUid} cannot be read`);
  }
  const headers = [...byInstance.values()].flat();
  if (unreadable === 0) return { headers, warnings: [], unreadable };
  const notSeen = `${unreadable} ${unreadable === 1 ? "image" : "images"} not readable`;
  const message = `${notSeen}: the PACS has broken metadata.`;
  return { headers, warnings: [warning("metadata-unreadable", message, notSeen)], unreadable };
}

/** The headers of one instance, one per image; [] when it cannot be read. */
function readHeaders(dataset: unknown): InstanceHeader[] {
  try {
    return headersFromMetadata(dataset);
  } catch (error) {
    if (error instanceof VigilError && error.code === "dicom-unreadable") return [];
    throw error;
  }
}

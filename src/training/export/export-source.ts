import type { StudySource } from "../../dicom/source.ts";

/** A study in a PACS. */
export interface ExportSource extends StudySource {
  /** Number of Study Related Instances, once the instances have been listed; null where the PACS does not tell. */
  readonly instanceCount: number | null;
}

/** What an export asks of a PACS; `src/cli` hands it in. */
export interface ExportPacs {
  openStudy(studyInstanceUid: string): ExportSource;
  /** @throws VigilError while the PACS does not answer */
  ping(signal: AbortSignal): Promise<void>;
}

/** A study that is to be exported. */
export interface StudyToExport {
  studyInstanceUid: string;
  /** As the PACS counted them last; null when it does not tell. */
  instances: number | null;
}

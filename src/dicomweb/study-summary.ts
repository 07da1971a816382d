import type { StudyAttributes } from "../dicom/study-attributes.ts";
import { uidSchema } from "../result.ts";
import { type DicomJson, firstNumber, firstText, texts } from "./dicom-json.ts";

/** What a PACS tells about a study as a whole (QIDO-RS, PS3.18 table 10.6.3-3). */
export interface StudySummary {
  attributes: StudyAttributes;
  /** Number of Study Related Instances; null when the PACS keeps it to itself. */
  instances: number | null;
  /** Modalities in Study; empty when the PACS does not say. */
  modalities: string[];
}

/** undefined when the answer names no valid study. */
export function studySummary(dataset: DicomJson): StudySummary | undefined {
  const studyInstanceUid = uidSchema.safeParse(firstText(dataset, "0020000D")).data;
  if (studyInstanceUid === undefined) return undefined;
  return {
    attributes: {
      studyInstanceUid,
      patientName: firstText(dataset, "00100010"),
      patientId: firstText(dataset, "00100020"),
      issuerOfPatientId: firstText(dataset, "00100021"),
      patientBirthDate: firstText(dataset, "00100030"),
      patientSex: firstText(dataset, "00100040"),
      studyDate: firstText(dataset, "00080020"),
      studyTime: firstText(dataset, "00080030"),
      studyId: firstText(dataset, "00200010"),
      accessionNumber: firstText(dataset, "00080050"),
      referringPhysicianName: firstText(dataset, "00080090"),
      studyDescription: firstText(dataset, "00081030"),
    },
    instances: firstNumber(dataset, "00201208"),
    modalities: texts(dataset, "00080061"),
  };
}

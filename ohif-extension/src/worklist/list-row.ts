import type { WorklistItem } from "../../../src/contract/worklist.ts";
import type { StudyRow } from "../ohif-types.ts";
import { patientWords } from "./patient.ts";

/** As OHIF makes rows of the PACS's answers. */
export function rowOf(item: WorklistItem): StudyRow {
  return {
    studyInstanceUid: item.studyInstanceUid,
    patientName: patientWords(item),
    mrn: item.patientId,
    date: item.studyDate,
    time: item.studyTime,
    description: item.studyDescription,
    // Decides which modes can open it. Vigil watches for CT: where the PACS does not say, that is what it will be.
    modalities: item.modalitiesInStudy.length > 0 ? item.modalitiesInStudy.join("/") : "CT",
    accession: item.accessionNumber,
    instances: item.instances ?? item.images ?? 0,
  };
}

/** Whether a row tells what is known now: a study is listed before the PACS has been asked who it is. */
export function isRowOf(item: WorklistItem, row: StudyRow | undefined): boolean {
  if (row === undefined) return false;
  const wanted = rowOf(item);
  return ROW_KEYS.every((key) => row[key] === wanted[key]);
}

const ROW_KEYS = ["patientName", "mrn", "date", "description", "modalities"] as const satisfies (keyof StudyRow)[];

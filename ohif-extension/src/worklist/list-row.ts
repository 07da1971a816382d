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

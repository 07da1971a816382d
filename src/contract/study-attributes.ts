import { z } from "zod";
import { uidSchema } from "./uid.ts";

/**
 * What identifies a study and its patient, as the PACS holds it (PS3.3 C.7.1.1, C.7.2.1). It comes from the images
 * or from QIDO-RS, goes unchanged into every object we write, and is shown in the work list. Text is Unicode; a
 * person name keeps its component groups (`Alphabetic=Ideographic=Phonetic`). An absent attribute is "".
 */
export const studyAttributesSchema = z.object({
  studyInstanceUid: uidSchema,
  patientName: z.string(),
  patientId: z.string(),
  issuerOfPatientId: z.string(),
  /** YYYYMMDD */
  patientBirthDate: z.string(),
  patientSex: z.string(),
  /** YYYYMMDD */
  studyDate: z.string(),
  /** HHMMSS[.ffffff] */
  studyTime: z.string(),
  studyId: z.string(),
  accessionNumber: z.string(),
  referringPhysicianName: z.string(),
  studyDescription: z.string(),
});

export type StudyAttributes = z.infer<typeof studyAttributesSchema>;

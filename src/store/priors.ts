import { sql } from "kysely";
import type { Db } from "./schema.ts";
import { parseStudyRow, type StudyRow } from "./study-row.ts";

const MOST_PRIORS = 10;

/**
 * Other studies of the same patient, newest first. The same Patient ID is the same patient unless the issuers or the
 * dates of birth, where both are known, say otherwise.
 */
export async function listPriors(db: Db, study: StudyRow): Promise<StudyRow[]> {
  const { patientId = "", issuerOfPatientId = "", patientBirthDate = "" } = study.attributes ?? {};
  if (patientId === "") return [];
  const rows = await db
    .selectFrom("studies")
    .selectAll()
    .where(sql<boolean>`attributes->>'patientId' = ${patientId}`)
    .where(
      sql<boolean>`coalesce(attributes->>'issuerOfPatientId', '') in ('', ${issuerOfPatientId}) or ${issuerOfPatientId} = ''`,
    )
    .where(
      sql<boolean>`coalesce(attributes->>'patientBirthDate', '') in ('', ${patientBirthDate}) or ${patientBirthDate} = ''`,
    )
    .where("studyInstanceUid", "<>", study.studyInstanceUid)
    .orderBy(sql`attributes->>'studyDate'`, "desc")
    .orderBy(sql`attributes->>'studyTime'`, "desc")
    .orderBy("receivedAt", "desc")
    .limit(MOST_PRIORS)
    .execute();
  return rows.map(parseStudyRow);
}

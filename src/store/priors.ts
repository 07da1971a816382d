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
    .where(isSameOrUnknown("issuerOfPatientId", issuerOfPatientId))
    .where(isSameOrUnknown("patientBirthDate", patientBirthDate))
    .where("studyInstanceUid", "<>", study.studyInstanceUid)
    .orderBy(sql`attributes->>'studyDate'`, "desc")
    .orderBy(sql`attributes->>'studyTime'`, "desc")
    .orderBy("receivedAt", "desc")
    .limit(MOST_PRIORS)
    .execute();
  return rows.map(parseStudyRow);
}

function isSameOrUnknown(attribute: "issuerOfPatientId" | "patientBirthDate", value: string) {
  const allowed = sql.join(["", value].map((one) => sql`${one}::text`));
  return value === ""
    ? sql<boolean>`true`
    : sql<boolean>`coalesce(attributes->>${sql.lit(attribute)}, '') in (${allowed})`;
}

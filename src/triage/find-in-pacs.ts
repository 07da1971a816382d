import type { Pacs } from "../dicomweb/pacs.ts";
import type { StudySummary } from "../dicomweb/study-summary.ts";
import { VigilError } from "../errors.ts";
import type { StudyRow } from "../store/study-row.ts";
import type { TriageContext } from "./context.ts";

export interface FoundStudy {
  pacs: Pacs;
  summary: StudySummary;
}

/**
 * Looks for the study in the PACS that announced it, then in the others.
 * @throws VigilError study-not-in-pacs only when every PACS has answered
 */
export async function findInPacs(
  { pacs: configured }: TriageContext,
  study: StudyRow,
  signal: AbortSignal,
): Promise<FoundStudy> {
  const inOrder = configured.toSorted((a, b) => Number(b.name === study.pacs) - Number(a.name === study.pacs));
  let failure: unknown;
  for (const pacs of inOrder) {
    try {
      const summary = await pacs.findStudy(study.studyInstanceUid, signal);
      if (summary !== undefined) return { pacs, summary };
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure ?? new VigilError("study-not-in-pacs", `no PACS holds study ${study.studyInstanceUid} any more`);
}

import type { Prior } from "../contract/prior.ts";
import type { StudyRow } from "../store/study-row.ts";

/** What the next reader needs to know of an earlier study. */
export function prior({ studyInstanceUid, attributes, ...row }: StudyRow): Prior {
  return {
    studyInstanceUid,
    studyDate: attributes?.studyDate ?? "",
    studyTime: attributes?.studyTime ?? "",
    studyDescription: attributes?.studyDescription ?? "",
    state: row.state,
    flag: row.flag,
    notSeen: row.notSeen,
    probability: row.probability,
    threshold: row.threshold,
    findings: row.findings,
  };
}

import { dicomDate } from "../dicom/date-time.ts";
import type { Pacs } from "./pacs.ts";
import type { StudySummary } from "./study-summary.ts";
import type { Announce } from "./subscription.ts";

const DAY_MS = 86_400_000;
/** Studies without a date are rare, and looking for them costs a search without limits. */
const UNDATED_EVERY_POLLS = 6;

/**
 * Finds new and growing CT studies in any DICOMweb PACS by asking again and again. Each study is announced when it
 * is seen first and whenever its number of instances has changed.
 * @param onNotice is told, once, of each thing that keeps studies from being found
 * @returns one look, to be repeated
 */
export function qidoPoll(
  pacs: Pacs,
  announce: Announce,
  onNotice: (message: string) => void = () => {},
): (signal: AbortSignal) => Promise<void> {
  const known = new Map<string, number | null>();
  let undated: StudySummary[] = [];
  let polls = 0;
  const said = new Set<string>();
  const sayOnce = (message: string) => {
    if (!said.has(message)) onNotice(message);
    said.add(message);
  };
  return async (signal) => {
    const studyDateFrom = dicomDate(new Date(Date.now() - pacs.config.lookBackDays * DAY_MS));
    const dated = await pacs.searchStudies({ modality: "CT", studyDateFrom }, signal, sayOnce);
    if (polls++ % UNDATED_EVERY_POLLS === 0) undated = await pacs.undatedStudies(signal);
    const studies = [...dated, ...undated];
    const present = new Set(studies.map((study) => study.attributes.studyInstanceUid));
    for (const uid of known.keys()) if (!present.has(uid)) known.delete(uid);
    for (const { attributes, instances, modalities } of studies) {
      // Not every PACS can match Modalities in Study; then it is for us to do.
      if (modalities.length > 0 && !modalities.includes("CT")) continue;
      const uid = attributes.studyInstanceUid;
      if (known.get(uid) === instances) continue;
      await announce(uid, instances === null ? { stable: false } : { instances, stable: false });
      known.set(uid, instances);
    }
  };
}

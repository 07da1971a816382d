import type { TriageEvent } from "../../src/contract/event.ts";
import type { Feedback } from "../../src/contract/feedback.ts";
import type { Finding } from "../../src/contract/finding.ts";
import { notSeenOf } from "../../src/contract/not-seen.ts";
import type { StudyResource } from "../../src/contract/study.ts";
import type { StatusSource } from "../../src/contract/words.ts";
import type { WorklistItem } from "../../src/contract/worklist.ts";
import { fetchStudy, sendFeedback } from "./api.ts";
import { createStore } from "./ui/store.ts";

/** The full results of the studies that are open in the viewer. */

/** `unknown`: Vigil has not seen the study; `unreachable`: Vigil did not answer. */
export type LoadedStudy = StudyResource | "unknown" | "unreachable";

/** By Study Instance UID, in the order in which they were opened. */
export const openStudies = createStore<ReadonlyMap<string, LoadedStudy>>(new Map());

export function resultOf(studyInstanceUid: string): StudyResource | undefined {
  const loaded = openStudies.get().get(studyInstanceUid);
  return typeof loaded === "object" ? loaded : undefined;
}

/** What decides the words for an open study. */
export function statusOf(study: StudyResource): StatusSource {
  return { state: study.state, flag: study.flag, reason: study.reason, notSeen: notSeenOf(study.warnings) };
}

export async function openInViewer(studyInstanceUids: string[]): Promise<void> {
  openStudies.set(new Map());
  await Promise.all(studyInstanceUids.map(loadStudy));
}

async function loadStudy(studyInstanceUid: string): Promise<void> {
  const loaded: LoadedStudy = await fetchStudy(studyInstanceUid).then(
    (study) => study ?? "unknown",
    () => "unreachable",
  );
  openStudies.set(new Map(openStudies.get()).set(studyInstanceUid, loaded));
}

/** Reads an open study again when the live feed says that it is not what it was. */
export function followOpenStudies(event: TriageEvent): void {
  if (event.type !== "study-updated" && event.type !== "flagged") return;
  const loaded = openStudies.get().get(event.study.studyInstanceUid);
  if (loaded === undefined || (typeof loaded === "object" && isSame(loaded, event.study))) return;
  void loadStudy(event.study.studyInstanceUid);
}

function isSame(study: StudyResource, { state, flag, probability, notSeen }: WorklistItem): boolean {
  const known = statusOf(study);
  return (
    known.state === state &&
    known.flag === flag &&
    (study.probabilities?.any ?? null) === probability &&
    known.notSeen.join() === notSeen.join()
  );
}

export type Answer = "accept" | "reject";

/** What the reader last said about a finding. */
export function answerTo(study: StudyResource, finding: Finding): Answer | undefined {
  const last = study.feedback.filter(({ findingId }) => findingId === finding.id).at(-1);
  return last?.decision === "accept" || last?.decision === "reject" ? last.decision : undefined;
}

/** Keeps the reader's answer. @throws ApiError when Vigil did not take it */
export async function answerFinding(study: StudyResource, finding: Finding, decision: Answer): Promise<void> {
  const feedback: Feedback = { findingId: finding.id, decision, label: finding.label };
  const keySlice = finding.keySlices[0];
  if (keySlice) feedback.sopInstanceUid = keySlice.sopInstanceUid;
  const stored = await sendFeedback(study.studyInstanceUid, feedback);
  const present = resultOf(study.studyInstanceUid) ?? study;
  const answered = { ...present, feedback: [...present.feedback, stored] };
  openStudies.set(new Map(openStudies.get()).set(study.studyInstanceUid, answered));
}

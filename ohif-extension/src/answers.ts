import type { Feedback, StoredFeedback } from "../../src/contract/feedback.ts";
import type { Finding } from "../../src/contract/finding.ts";
import type { StudyResource } from "../../src/contract/study.ts";
import { ANSWER_WITHDRAWN } from "../../src/contract/words.ts";
import { sendFeedback } from "./api.ts";
import { putStudy, resultOf } from "./studies.ts";
import { activeView, type ViewOnScreen } from "./viewport/views.ts";

/** What the reader says of findings. */

export type Answer = "accept" | "reject";

/** Answers given on this page, oldest first: what can be taken back. */
let given: { studyInstanceUid: string; findingId: string }[] = [];

/** What the reader last said about a finding; undefined when it was taken back. */
export function answerTo(study: StudyResource, finding: Finding): Answer | undefined {
  const last = study.feedback.filter(({ findingId }) => findingId === finding.id).at(-1);
  if (last === undefined || last.decision === "add" || last.comment === ANSWER_WITHDRAWN) return undefined;
  return last.decision;
}

/** Why nothing can be said of a study now; undefined when an image of it is on the screen. */
export function whyNoAnswer(studyInstanceUid: string, view: ViewOnScreen | null): string | undefined {
  if (view === null) return "no image is on the screen";
  if (view.studyInstanceUid !== studyInstanceUid) return "another study is on the screen";
  return view.isDrawn ? undefined : "the image is not on the screen yet";
}

/** @throws Error that says why it was not kept: ApiError when Vigil did not take it */
export async function answerFinding(study: StudyResource, finding: Finding, decision: Answer): Promise<void> {
  const { studyInstanceUid } = study;
  assertOnScreen(studyInstanceUid);
  await send(study, feedbackOn(finding, decision));
  given = [...given.filter(({ findingId }) => findingId !== finding.id), { studyInstanceUid, findingId: finding.id }];
}

/** Takes the last answer on the study back. Returns the finding that has none now; undefined when there was nothing. */
export async function undoAnswer(study: StudyResource): Promise<Finding | undefined> {
  const { studyInstanceUid } = study;
  assertOnScreen(studyInstanceUid);
  const last = given.findLast((answer) => answer.studyInstanceUid === studyInstanceUid);
  const finding = study.findings.find(({ id }) => id === last?.findingId);
  const decision = finding && answerTo(study, finding);
  if (finding === undefined || decision === undefined) return undefined;
  await send(study, { ...feedbackOn(finding, decision), comment: ANSWER_WITHDRAWN });
  given = given.filter((answer) => answer !== last);
  return finding;
}

function assertOnScreen(studyInstanceUid: string): void {
  const why = whyNoAnswer(studyInstanceUid, activeView.get());
  if (why !== undefined) throw new NotOnScreen(`Not kept: ${why}.`);
}

/** What is answered is not what is looked at. */
export class NotOnScreen extends Error {}

function feedbackOn(finding: Finding, decision: Answer): Feedback {
  const feedback: Feedback = { findingId: finding.id, decision, label: finding.label };
  const keySlice = finding.keySlices[0];
  if (keySlice) feedback.sopInstanceUid = keySlice.sopInstanceUid;
  return feedback;
}

async function send(study: StudyResource, feedback: Feedback): Promise<void> {
  const stored = await sendFeedback(study.studyInstanceUid, feedback);
  const present = resultOf(study.studyInstanceUid);
  if (present) putStudy(study.studyInstanceUid, { ...present, feedback: withAnswer(present.feedback, stored) });
}

/** The server keeps the same answer once, and returns it again. */
function withAnswer(feedback: StoredFeedback[], stored: StoredFeedback): StoredFeedback[] {
  return [...feedback.filter(({ id }) => id !== stored.id), stored];
}

import type { Feedback, StoredFeedback } from "../../src/contract/feedback.ts";
import type { Label } from "../../src/contract/labels.ts";
import type { StudyResource } from "../../src/contract/study.ts";
import { t } from "../../src/contract/translate.ts";
import { sendFeedback, withdrawFeedback } from "./api.ts";
import { knownName, reader } from "./reader.ts";
import { whyNot } from "./refusals.ts";
import { putStudy, resultOf } from "./studies.ts";
import { createStore } from "./ui/store.ts";
import { activeView, type ViewOnScreen } from "./viewport/views.ts";

/** What readers say of a study. Shown is what the service holds: nothing is shown as kept before it is. */

/** An answer is on its way. */
export const isAnswering = createStore(false);

/** What was not kept, by Study Instance UID, until something is kept or it is put away. */
export const answerProblems = createStore<ReadonlyMap<string, AnswerProblem>>(new Map());

export interface AnswerProblem {
  /** Why, in words. */
  words: string;
  again(): Promise<void>;
}

/** What Vigil says of a label, as the service counts it: what is undetermined was raised to be looked at. */
export function saidPresent(study: StudyResource, label: Label): boolean {
  return (findingOf(study, label)?.presence ?? "absent") !== "absent";
}

function findingOf(study: StudyResource, label: Label) {
  return study.findings.find((finding) => finding.label === label);
}

/** Whether an answer says that the label is there. */
export function saysPresent(study: StudyResource, { decision, label }: Pick<Feedback, "decision" | "label">): boolean {
  return decision === "accept" ? saidPresent(study, label) : decision === "add";
}

/** The answers to the present result that count, oldest first. */
export function standingAnswers(study: StudyResource): StoredFeedback[] {
  return study.feedback.filter(({ withdrawnAt, toPresentResult }) => withdrawnAt === null && toPresentResult);
}

/** What this reader says of a label. */
export function ownAnswer(study: StudyResource, label: Label, name: string | null): StoredFeedback | undefined {
  if (name === null) return undefined;
  return standingAnswers(study).findLast((answer) => answer.label === label && answer.reader === name);
}

/** Why nothing can be said of a study now; undefined when an image of it is on the screen. */
export function whyNoAnswer(studyInstanceUid: string, view: ViewOnScreen | null): string | undefined {
  if (view === null) return t("no image is on the screen");
  if (view.studyInstanceUid !== studyInstanceUid) return t("another study is on the screen");
  return view.isDrawn ? undefined : t("the image is not on the screen yet");
}

/** Keeps whether the reader sees what the label names, with a comment where there is one. */
export function giveAnswer(study: StudyResource, label: Label, present: boolean, comment?: string): Promise<void> {
  return keep(study, async (result, name) => {
    const decision = decisionFor(result, label, present);
    const feedback: Feedback = { decision, label, reader: name };
    const finding = findingOf(result, label);
    if (finding) feedback.findingId = finding.id;
    const keySlice = finding?.keySlices[0];
    if (keySlice) feedback.sopInstanceUid = keySlice.sopInstanceUid;
    if (comment !== undefined) feedback.comment = comment;
    const before = ownAnswer(result, label, name);
    await send(result, feedback);
    // With another comment it is an answer of its own, in the place of the one before.
    if (before && comment !== undefined && before.comment !== comment) await withdraw(result, before.id);
  });
}

/** No bleed of any kind, whatever was found. What the reader said to the contrary before counts no more. */
export function sayNegative(study: StudyResource): Promise<void> {
  return keep(study, async (present, name) => {
    await send(present, { decision: "reject", label: "any", reader: name });
    const contrary = standingAnswers(present).filter(
      (answer) => answer.reader === name && answer.label !== "any" && saysPresent(present, answer),
    );
    for (const { id } of contrary) await withdraw(present, id);
  });
}

/** Takes the reader's last answer to the present result back. @returns its label; undefined when there was none */
export async function undoAnswer(study: StudyResource): Promise<Label | undefined> {
  let label: Label | undefined;
  await keep(study, async (present, name) => {
    const last = standingAnswers(present).findLast((answer) => answer.reader === name);
    if (last === undefined) return;
    await withdraw(present, last.id);
    label = last.label;
  });
  return label;
}

function decisionFor(study: StudyResource, label: Label, present: boolean): Feedback["decision"] {
  if (present === saidPresent(study, label) && findingOf(study, label)) return "accept";
  return present ? "add" : "reject";
}

/** One after the other: an answer and its withdrawal may follow each other within a breath. */
let turn: Promise<void> = Promise.resolve();

function keep(
  { studyInstanceUid }: StudyResource,
  change: (study: StudyResource, name: string) => Promise<void>,
): Promise<void> {
  turn = turn.then(() => attempt(studyInstanceUid, change));
  return turn;
}

async function attempt(
  studyInstanceUid: string,
  change: (study: StudyResource, name: string) => Promise<void>,
): Promise<void> {
  try {
    assertOnScreen(studyInstanceUid);
    const name = await knownName();
    if (name === undefined) throw new NotAnswered(t("Not kept: an answer needs a name."));
    // A name takes a while to give: the screen may show something else by now.
    assertOnScreen(studyInstanceUid);
    const study = resultOf(studyInstanceUid);
    if (study === undefined) throw new NotAnswered(t("Not kept: there is no verdict to answer here."));
    isAnswering.set(true);
    await change(study, name);
    noteProblem(studyInstanceUid, undefined);
  } catch (error) {
    const words = whyNot(error, t("Not kept"));
    noteProblem(studyInstanceUid, { words, again: () => attempt(studyInstanceUid, change) });
  } finally {
    isAnswering.set(false);
  }
}

export function noteProblem(studyInstanceUid: string, problem: AnswerProblem | undefined): void {
  const problems = new Map(answerProblems.get());
  if (problem) problems.set(studyInstanceUid, problem);
  else problems.delete(studyInstanceUid);
  answerProblems.set(problems);
}

function assertOnScreen(studyInstanceUid: string): void {
  const why = whyNoAnswer(studyInstanceUid, activeView.get());
  if (why !== undefined) throw new NotAnswered(t("Not kept: {why}.", { why }));
}

/** Nothing was asked of the service. */
class NotAnswered extends Error {}

async function send({ studyInstanceUid }: StudyResource, feedback: Feedback): Promise<void> {
  takeOver(studyInstanceUid, await sendFeedback(studyInstanceUid, feedback));
}

async function withdraw({ studyInstanceUid }: StudyResource, id: string): Promise<void> {
  takeOver(studyInstanceUid, await withdrawFeedback(studyInstanceUid, id));
}

/** What the service holds now; it withdraws what the same reader said to the contrary of the same label. */
function takeOver(studyInstanceUid: string, stored: StoredFeedback): void {
  const study = resultOf(studyInstanceUid);
  if (study === undefined) return;
  const isContrary = (other: StoredFeedback) =>
    stored.withdrawnAt === null &&
    other.withdrawnAt === null &&
    other.reader === stored.reader &&
    other.label === stored.label &&
    saysPresent(study, other) !== saysPresent(study, stored);
  const others = study.feedback
    .filter(({ id }) => id !== stored.id)
    .map((other) => (isContrary(other) ? { ...other, withdrawnAt: stored.at } : other));
  const feedback = [...others, stored].sort((a, b) => a.at.localeCompare(b.at));
  putStudy(studyInstanceUid, { ...study, feedback });
  if (reader.get().name !== stored.reader && stored.reader !== null) reader.set({ name: stored.reader, isLogin: true });
}

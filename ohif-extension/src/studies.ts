import type { TriageEvent } from "../../src/contract/event.ts";
import { notSeenOf } from "../../src/contract/not-seen.ts";
import type { StudyResource } from "../../src/contract/study.ts";
import type { StatusSource } from "../../src/contract/words.ts";
import type { WorklistItem } from "../../src/contract/worklist.ts";
import { ApiError, fetchStudy } from "./api.ts";
import { createStore } from "./ui/store.ts";

/** The full results of the studies that are open in the viewer. */

/** Why there is no result to speak of. */
export interface NoStudy {
  /** `unknown`: Vigil has never seen the study; `deleted`: it had a result a moment ago. */
  why: "loading" | "unknown" | "deleted" | "unreachable" | "refused";
  /** HTTP status, when refused. */
  status?: number;
}

export type LoadedStudy = StudyResource | NoStudy;

/** By Study Instance UID, in the order in which they were opened. */
export const openStudies = createStore<ReadonlyMap<string, LoadedStudy>>(new Map());

/** The study that was opened; others may have come onto the screen beside it. */
export const openedStudy = createStore<string | null>(null);

/** A result that has taken the place of another one while the study is open. */
export interface Replaced {
  at: Date;
  before: StudyResource;
}

/** By Study Instance UID, until the reader has seen it. */
export const replacedResults = createStore<ReadonlyMap<string, Replaced>>(new Map());

/** Why an open study could not be read again: its result may be old. By Study Instance UID. */
export const staleStudies = createStore<ReadonlyMap<string, NoStudy>>(new Map());

/** OHIF waits for the results before it shows an image; longer than this the image must not wait. */
const OPENING_PATIENCE_MS = 6000;

export function isKnown(loaded: LoadedStudy | undefined): loaded is StudyResource {
  return loaded !== undefined && !("why" in loaded);
}

export function resultOf(studyInstanceUid: string): StudyResource | undefined {
  const loaded = openStudies.get().get(studyInstanceUid);
  return isKnown(loaded) ? loaded : undefined;
}

/** What decides the words for an open study. */
export function statusOf(study: StudyResource): StatusSource {
  return { state: study.state, flag: study.flag, reason: study.reason, notSeen: notSeenOf(study.warnings) };
}

/** The first one is the one that was asked for. */
export async function openInViewer(studyInstanceUids: string[]): Promise<void> {
  openStudies.set(new Map(studyInstanceUids.map((uid) => [uid, { why: "loading" }])));
  replacedResults.set(new Map());
  staleStudies.set(new Map());
  toldReadings.clear();
  openedStudy.set(studyInstanceUids[0] ?? null);
  const patience = new Promise<void>((resolve) => setTimeout(resolve, OPENING_PATIENCE_MS));
  await Promise.race([Promise.all(studyInstanceUids.map(loadStudy)), patience]);
}

/** For a study that comes onto the screen beside the one that was opened. */
export function ensureLoaded(studyInstanceUid: string): void {
  if (!openStudies.get().has(studyInstanceUid)) void loadStudy(studyInstanceUid);
}

export async function reloadOpenStudies(): Promise<void> {
  await Promise.all([...openStudies.get().keys()].map(loadStudy));
}

/** By study: how often it was asked for, and which of these answers was taken last. */
const turns = new Map<string, { asked: number; taken: number }>();

export async function loadStudy(studyInstanceUid: string): Promise<void> {
  const turn = turns.get(studyInstanceUid) ?? { asked: 0, taken: 0 };
  turns.set(studyInstanceUid, turn);
  const own = ++turn.asked;
  if (!openStudies.get().has(studyInstanceUid)) putStudy(studyInstanceUid, { why: "loading" });
  const loaded = await fetchStudy(studyInstanceUid).then(
    (study): LoadedStudy => study ?? { why: "unknown" },
    (error): LoadedStudy =>
      error instanceof ApiError ? { why: "refused", status: error.status } : { why: "unreachable" },
  );
  // One that was overtaken by a later answer is old. Until that one comes it is the newest there is: images hang by it.
  if (own < turn.taken) return;
  turn.taken = own;
  takeOver(studyInstanceUid, loaded);
}

function takeOver(uid: string, loaded: LoadedStudy): void {
  const before = openStudies.get().get(uid);
  if (before === undefined) return;
  const failed = !isKnown(loaded) && loaded.why !== "unknown";
  staleStudies.set(
    failed && isKnown(before) ? withEntry(staleStudies.get(), uid, loaded) : without(staleStudies.get(), uid),
  );
  if (isKnown(before) && failed) return;
  if (isKnown(loaded)) {
    if (isKnown(before) && isReplaced(before, loaded)) {
      replacedResults.set(withEntry(replacedResults.get(), uid, { at: new Date(), before }));
    }
    putStudy(uid, loaded);
  } else {
    const wasThere = isKnown(before) || before.why === "deleted";
    putStudy(uid, loaded.why === "unknown" && wasThere ? { why: "deleted" } : loaded);
  }
}

function isReplaced(before: StudyResource, after: StudyResource): boolean {
  return after.history.length > before.history.length || (before.model === null && after.model !== null);
}

export function putStudy(studyInstanceUid: string, loaded: LoadedStudy): void {
  openStudies.set(withEntry(openStudies.get(), studyInstanceUid, loaded));
}

/** The reader has seen that the result is a new one. */
export function noteReplacedSeen(studyInstanceUid: string): void {
  replacedResults.set(without(replacedResults.get(), studyInstanceUid));
}

function withEntry<V>(map: ReadonlyMap<string, V>, key: string, value: V): ReadonlyMap<string, V> {
  return new Map(map).set(key, value);
}

function without<V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> {
  if (!map.has(key)) return map;
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}

/** Who had the open studies before them when the live feed told last, by Study Instance UID. */
const toldReadings = new Map<string, string>();

/**
 * Reads an open study again when the live feed says that it is not what it was. Progress and who reads it stand in the
 * event itself; an answer to one of its kinds does not, so that any other event is one.
 */
export function followOpenStudies(event: TriageEvent): void {
  if (event.type !== "study-updated" && event.type !== "flagged") return;
  const { studyInstanceUid, state, reading } = event.study;
  const loaded = openStudies.get().get(studyInstanceUid);
  if (loaded === undefined) return;
  const told = JSON.stringify(reading);
  const isOfReading = toldReadings.get(studyInstanceUid) !== told;
  toldReadings.set(studyInstanceUid, told);
  if ((state === "scoring" || isOfReading) && isKnown(loaded) && isSame(loaded, event.study)) return;
  void loadStudy(studyInstanceUid);
}

function isSame(study: StudyResource, { state, flag, probability, notSeen, error, read }: WorklistItem): boolean {
  const known = statusOf(study);
  return (
    known.state === state &&
    known.flag === flag &&
    (study.probabilities?.any ?? null) === probability &&
    known.notSeen.join() === notSeen.join() &&
    study.error?.message === error?.message &&
    study.read?.at === read?.at
  );
}

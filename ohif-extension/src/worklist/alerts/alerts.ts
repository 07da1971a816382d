import { t } from "../../../../src/contract/translate.ts";
import { scoreWords } from "../../../../src/contract/words.ts";
import type { WorklistItem } from "../../../../src/contract/worklist.ts";
import { alertsSince, hearsWhileHidden, isSoundWaiting } from "../alert-choice.ts";
import { patientWords } from "../patient.ts";
import { triage } from "../triage-state.ts";
import { dueAlerts } from "./due-alerts.ts";
import { type OneTab, takeTurns } from "./one-tab.ts";
import { playSound, unlockSound } from "./sound.ts";

const REPEATED_MS = 30_000;

/**
 * Tells of critical studies until somebody has opened them, at any desk: a notification each, one sound for all.
 * @param open shows a study
 * @returns ends it
 */
export function startAlerts(open: (studyInstanceUid: string) => void): () => void {
  const tab = takeTurns(() => {
    hearsWhileHidden.set(tab.isMine());
    update();
  });
  hearsWhileHidden.set(tab.isMine());
  /** By Study Instance UID; undefined where notifications are not allowed. */
  const told = new Map<string, Notification | undefined>();

  const due = () => (tab.isMine() ? dueAlerts(triage.get().items.values(), alertsSince.get() ?? "") : []);
  const update = () => {
    const studies = due();
    const wanted = new Set(studies.map(({ studyInstanceUid }) => studyInstanceUid));
    for (const [uid, notification] of told) {
      if (wanted.has(uid)) continue;
      notification?.close();
      told.delete(uid);
    }
    const fresh = studies.filter(({ studyInstanceUid }) => !told.has(studyInstanceUid));
    for (const study of fresh) told.set(study.studyInstanceUid, notify(study, open));
    if (fresh.length > 0) playSound();
  };
  const repeat = () => {
    const studies = due();
    for (const study of studies) told.set(study.studyInstanceUid, notify(study, open));
    if (studies.length > 0) playSound();
  };
  const unlock = () => unlockSound((isReady) => isSoundWaiting.set(!isReady));

  const timer = setInterval(repeat, REPEATED_MS);
  const unsubscribe = triage.subscribe(update);
  document.addEventListener("pointerdown", unlock);
  document.addEventListener("keydown", unlock);
  unlock();
  update();
  return () => {
    clearInterval(timer);
    unsubscribe();
    document.removeEventListener("pointerdown", unlock);
    document.removeEventListener("keydown", unlock);
    for (const notification of told.values()) notification?.close();
    stopTurns(tab);
  };
}

function stopTurns(tab: OneTab): void {
  tab.stop();
  hearsWhileHidden.set(false);
  isSoundWaiting.set(false);
}

function notify(study: WorklistItem, open: (studyInstanceUid: string) => void): Notification | undefined {
  if (!("Notification" in globalThis) || Notification.permission !== "granted") return undefined;
  const { studyInstanceUid, studyDescription, probability, threshold } = study;
  const score = probability === null ? "" : scoreWords(probability, threshold);
  const notification = new Notification(`▲ ${t("Critical: {patient}", { patient: patientWords(study) })}`, {
    body: [studyDescription, score].filter((part) => part !== "").join("\n"),
    // One with the same tag takes the place of the one before, and is shown again.
    tag: `vigil ${studyInstanceUid}`,
    renotify: true,
    requireInteraction: true,
  } as NotificationOptions);
  notification.addEventListener("click", () => {
    globalThis.focus();
    notification.close();
    open(studyInstanceUid);
  });
  return notification;
}

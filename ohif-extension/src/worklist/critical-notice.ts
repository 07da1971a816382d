import type { TriageEvent } from "../../../src/contract/event.ts";
import { NOT_SEEN_WHOLE, percent } from "../../../src/contract/words.ts";
import { MODE_ROUTE } from "../ids.ts";
import type { Ohif } from "../ohif-types.ts";
import { openStudies } from "../studies.ts";
import { patientWords } from "./patient.ts";

const SHOWN_MS = 15_000;

/** Tells the reader at once when a study has been flagged critical, with a way to open it; until it is open. */
export function createCriticalNotice({ servicesManager, commandsManager }: Ohif): (event: TriageEvent) => void {
  const { uiNotificationService } = servicesManager.services;
  /** By Study Instance UID. */
  const notices = new Map<string, string>();
  openStudies.subscribe(() => {
    for (const studyInstanceUid of openStudies.get().keys()) {
      const notice = notices.get(studyInstanceUid);
      if (notice !== undefined) uiNotificationService.hide(notice);
      notices.delete(studyInstanceUid);
    }
  });

  return (event) => {
    if (event.type !== "flagged" || event.study.flag !== "critical") return;
    const { studyInstanceUid, studyDescription, probability, notSeen } = event.study;
    const to = `/${MODE_ROUTE}?StudyInstanceUIDs=${studyInstanceUid}`;
    const likely = probability === null ? "" : ` · haemorrhage ${percent(probability)}`;
    const limits = notSeen.length === 0 ? "" : ` · ${NOT_SEEN_WHOLE}`;
    const notice = uiNotificationService.show({
      title: `▲ Critical: ${patientWords(event.study)}`,
      message: `${studyDescription}${likely}${limits}`,
      type: "warning",
      duration: SHOWN_MS,
      action: { label: "Open", onClick: () => commandsManager.runCommand("navigateHistory", { to }) },
    });
    notices.set(studyInstanceUid, notice);
  };
}

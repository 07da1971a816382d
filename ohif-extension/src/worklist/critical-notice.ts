import type { TriageEvent } from "../../../src/contract/event.ts";
import { t } from "../../../src/contract/translate.ts";
import { NOT_SEEN_WHOLE, scoreWords } from "../../../src/contract/words.ts";
import type { WorklistItem } from "../../../src/contract/worklist.ts";
import type { Ohif } from "../ohif-types.ts";
import { openStudies } from "../studies.ts";
import { createStore } from "../ui/store.ts";
import { listTable } from "./list-table.ts";
import { patientWords } from "./patient.ts";
import { isUnreadCritical } from "./study-groups.ts";
import { triage } from "./triage-state.ts";

const SHOWN_MS = 15_000;

/** The newest critical study, for the list to tell above its rows; null once somebody has opened it. */
export const criticalNews = createStore<WorklistItem | null>(null);

/**
 * Tells the reader at once when a study has been flagged critical, with a way to open it, until it is open: above the
 * list, which nothing may cover, or over the viewer.
 */
export function createCriticalNotice(
  { servicesManager }: Ohif,
  open: (studyInstanceUid: string) => void,
): (event: TriageEvent) => void {
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
  triage.subscribe(() => {
    const news = criticalNews.get();
    const now = news && triage.get().items.get(news.studyInstanceUid);
    if (news && (!now || !isUnreadCritical(now) || now.reading !== null)) criticalNews.set(null);
  });

  return (event) => {
    if (event.type !== "flagged" || event.study.flag !== "critical") return;
    const { studyInstanceUid } = event.study;
    criticalNews.set(event.study);
    if (listTable() !== undefined) return;
    const notice = uiNotificationService.show({
      title: `▲ ${t("Critical: {patient}", { patient: patientWords(event.study) })}`,
      message: newsWords(event.study),
      type: "warning",
      duration: SHOWN_MS,
      action: { label: t("Open"), onClick: () => open(studyInstanceUid) },
    });
    notices.set(studyInstanceUid, notice);
  };
}

export function newsWords({ studyDescription, probability, threshold, notSeen }: WorklistItem): string {
  const parts = [
    studyDescription,
    probability === null ? "" : scoreWords(probability, threshold),
    notSeen.length === 0 ? "" : t(NOT_SEEN_WHOLE),
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

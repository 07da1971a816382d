import { sliceKey } from "../../src/contract/slices.ts";
import type { StudyResource } from "../../src/contract/study.ts";
import { t } from "../../src/contract/translate.ts";
import { LABEL_NAME } from "../../src/contract/words.ts";
import { answerProblems, giveAnswer, saidPresent, sayNegative, undoAnswer } from "./answers.ts";
import { requestRescore } from "./api.ts";
import { earlierStudies, isVerdictOpen, overallFinding, slicesToVisit } from "./findings.ts";
import { COMMANDS, MODE_ROUTE } from "./ids.ts";
import type { Ohif } from "./ohif-types.ts";
import { keysShown } from "./panel/keys-shown.ts";
import { whyNot } from "./refusals.ts";
import { loadStudy, openInViewer, resultOf } from "./studies.ts";
import type { PriorBeside } from "./viewport/beside.ts";
import { besideView } from "./viewport/beside-view.ts";
import type { HeatMapControl } from "./viewport/heat-map.ts";
import { type SliceTarget, showSlice, targetAt } from "./viewport/show-slice.ts";
import { activeView, viewsOnScreen } from "./viewport/views.ts";
import type { WindowId } from "./viewport/window-table.ts";
import { setWindow } from "./viewport/windows.ts";
import { studyToReadNext } from "./worklist/next-study.ts";

/** Our commands, for buttons, hotkeys, other extensions and the mode. All of them act on the active viewport. */
export function createCommands(ohif: Ohif, heatMap: HeatMapControl, beside: () => Promise<PriorBeside>) {
  const { uiNotificationService, toolbarService, viewportGridService } = ohif.servicesManager.services;

  const tell = (title: string, message: string, type: "warning" | "success" = "warning") =>
    void uiNotificationService.show({ title, message, type, duration: type === "success" ? 2500 : 6000 });
  const attempt = async (title: string, action: () => Promise<void>) => {
    try {
      await action();
    } catch (error) {
      tell(title, whyNot(error, title));
    }
  };
  const resultInView = () => {
    const view = activeView.get();
    return view === null ? undefined : resultOf(view.studyInstanceUid);
  };
  const show = (target: SliceTarget) => attempt(t("The slice cannot be shown"), () => showSlice(ohif, target));

  return {
    [COMMANDS.loadStudies]: ({ studyInstanceUids }: { studyInstanceUids: string[] }) => openInViewer(studyInstanceUids),
    [COMMANDS.showSlice]: show,
    [COMMANDS.nextKeySlice]: ({ step = 1 }: { step?: 1 | -1 } = {}) => {
      const study = resultInView();
      const target = study && nextTarget(study, step);
      return target && show(target);
    },
    [COMMANDS.toggleHeatMap]: async () => {
      const view = activeView.get();
      if (view === null) return;
      await attempt(t("No heat map"), () => heatMap.toggle(view.studyInstanceUid));
      toolbarService.refreshToolbarState({ viewportId: viewportGridService.getState().activeViewportId });
    },
    [COMMANDS.setHeatMapOpacity]: ({ opacity }: { opacity: number }) => heatMap.setOpacity(opacity),
    [COMMANDS.setWindow]: ({ windowId, viewportId }: { windowId: WindowId; viewportId?: string }) => {
      const views = viewsOnScreen.get();
      const view = viewportId === undefined ? activeView.get() : views.get(viewportId);
      if (view?.displaySet.Modality !== "CT") return;
      // Side by side, the two are looked at alike.
      const alike = viewportId === undefined && besideView.get() !== null ? [...views.values()] : [view];
      return attempt(t("No such window"), async () => {
        for (const one of alike) setWindow(ohif, one, windowId);
      });
    },
    [COMMANDS.answer]: ({ agree }: { agree: boolean }) => {
      const study = resultInView();
      const finding = study && overallFinding(study);
      if (!finding) return tell(t("Not kept"), t("There is no verdict to answer here."));
      return giveAnswer(study, "any", isVerdictOpen(study) ? agree : saidPresent(study, "any") === agree);
    },
    [COMMANDS.sayNegative]: () => {
      const study = resultInView();
      return study && overallFinding(study) && sayNegative(study);
    },
    [COMMANDS.undoAnswer]: async () => {
      const study = resultInView();
      if (!study) return tell(t("Nothing to take back"), t("There is no verdict here."));
      const label = await undoAnswer(study);
      if (label)
        tell(
          t("Taken back"),
          t("Your answer to “{label}” no longer counts.", { label: t(LABEL_NAME[label]) }),
          "success",
        );
      else if (!answerProblems.get().has(study.studyInstanceUid)) {
        tell(t("Nothing to take back"), t("No answer of yours to this result stands."));
      }
    },
    [COMMANDS.toggleBeside]: ({ priorUid }: { priorUid?: string } = {}) => {
      const study = resultInView();
      const uid = priorUid ?? besideView.get()?.priorUid ?? (study && earlierStudies(study)[0]?.studyInstanceUid);
      if (uid === undefined) return tell(t("No prior"), t("Vigil knows no earlier study of this patient."));
      return attempt(t("No prior"), async () => (await beside()).toggle(uid));
    },
    [COMMANDS.linkBeside]: ({ isLinked }: { isLinked: boolean }) =>
      attempt(t("No prior"), async () => (await beside()).link(isLinked)),
    [COMMANDS.nextStudy]: () => {
      const next = studyToReadNext();
      if (next === undefined) return tell(t("Nothing to read"), t("No other study needs attention."), "success");
      const to = `/${MODE_ROUTE}?StudyInstanceUIDs=${next.studyInstanceUid}`;
      return void ohif.commandsManager.runCommand("navigateHistory", { to });
    },
    [COMMANDS.toList]: () => void ohif.commandsManager.runCommand("navigateHistory", { to: "/" }),
    [COMMANDS.rescore]: async ({ studyInstanceUid }: { studyInstanceUid: string }) => {
      await requestRescore(studyInstanceUid);
      await loadStudy(studyInstanceUid);
    },
    // OHIF asks for a study's images once; opened anew, it asks again.
    [COMMANDS.loadNewImages]: () => location.reload(),
    [COMMANDS.toggleKeys]: () => keysShown.set(!keysShown.get()),
  };
}

/** The key slice after (or before) the one on the screen, round and round; the best when another slice is shown. */
function nextTarget(study: StudyResource, step: 1 | -1): SliceTarget | undefined {
  const visits = slicesToVisit(study).map(({ slice }) => slice);
  const current = activeView.get()?.slice ?? null;
  const shown = current === null ? -1 : visits.findIndex((slice) => sliceKey(slice) === sliceKey(current));
  const next = shown < 0 ? 0 : (shown + step + visits.length) % visits.length;
  const slice = visits[next];
  return slice && targetAt(slice, slice.box);
}

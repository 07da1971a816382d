import { sliceKey } from "../../src/contract/slices.ts";
import type { StudyResource } from "../../src/contract/study.ts";
import { LABEL_NAME } from "../../src/contract/words.ts";
import { type Answer, answerFinding, undoAnswer } from "./answers.ts";
import { requestRescore } from "./api.ts";
import { overallFinding, slicesToVisit } from "./findings.ts";
import { COMMANDS } from "./ids.ts";
import type { Ohif } from "./ohif-types.ts";
import { keysShown } from "./panel/keys-sheet.tsx";
import { whyNot } from "./refusals.ts";
import { loadStudy, openInViewer, resultOf } from "./studies.ts";
import type { HeatMapControl } from "./viewport/heat-map.ts";
import { type SliceTarget, showSlice, targetAt } from "./viewport/show-slice.ts";
import { activeView, viewsOnScreen } from "./viewport/views.ts";
import type { WindowId } from "./viewport/window-table.ts";
import { setWindow } from "./viewport/windows.ts";

/** Our commands, for buttons, hotkeys, other extensions and the mode. All of them act on the active viewport. */
export function createCommands(ohif: Ohif, heatMap: HeatMapControl) {
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
  const show = (target: SliceTarget) => attempt("The slice cannot be shown", () => showSlice(ohif, target));

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
      await attempt("No heat map", () => heatMap.toggle(view.studyInstanceUid));
      toolbarService.refreshToolbarState({ viewportId: viewportGridService.getState().activeViewportId });
    },
    [COMMANDS.setHeatMapOpacity]: ({ opacity }: { opacity: number }) => heatMap.setOpacity(opacity),
    [COMMANDS.setWindow]: ({ windowId, viewportId }: { windowId: WindowId; viewportId?: string }) => {
      const view = viewportId === undefined ? activeView.get() : viewsOnScreen.get().get(viewportId);
      if (view?.displaySet.Modality !== "CT") return;
      return attempt("No such window", async () => setWindow(ohif, view, windowId));
    },
    [COMMANDS.answer]: async ({ decision }: { decision: Answer }) => {
      const study = resultInView();
      const finding = study && overallFinding(study);
      if (!finding) return tell("Not kept", "There is no verdict to answer here.");
      await attempt("Not kept", () => answerFinding(study, finding, decision));
    },
    [COMMANDS.undoAnswer]: async () => {
      const study = resultInView();
      if (!study) return tell("Nothing to take back", "There is no verdict here.");
      await attempt("Not taken back", async () => {
        const finding = await undoAnswer(study);
        if (finding) tell("Taken back", `No answer to "${LABEL_NAME[finding.label]}" counts now.`, "success");
        else tell("Nothing to take back", "No answer to this study was given on this page.");
      });
    },
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

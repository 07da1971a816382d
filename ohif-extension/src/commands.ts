import { findingsToVisit } from "./findings.ts";
import { COMMANDS } from "./ids.ts";
import type { Ohif } from "./ohif-types.ts";
import { openInViewer, openStudies, resultOf } from "./studies.ts";
import { currentSlice } from "./viewport/current-slice.ts";
import type { HeatMapControl } from "./viewport/heat-map.ts";
import { type SliceTarget, showSlice } from "./viewport/show-slice.ts";
import { middleOf } from "./viewport/viewer-actions.ts";

/** Our commands, for buttons, hotkeys, other extensions and the mode. */
export function createCommands(ohif: Ohif, heatMap: HeatMapControl) {
  const { uiNotificationService, toolbarService, viewportGridService } = ohif.servicesManager.services;

  const attempt = async (title: string, action: () => Promise<void>) => {
    try {
      await action();
    } catch (error) {
      uiNotificationService.show({ title, message: (error as Error).message, type: "warning", duration: 6000 });
    }
  };
  const studyInView = () => currentSlice.get()?.studyInstanceUid ?? openStudies.get().keys().next().value;
  const show = (target: SliceTarget) => attempt("The slice cannot be shown", () => showSlice(ohif, target));

  return {
    [COMMANDS.loadStudies]: ({ studyInstanceUids }: { studyInstanceUids: string[] }) => openInViewer(studyInstanceUids),
    [COMMANDS.showSlice]: show,
    [COMMANDS.nextFinding]: () => {
      const target = nextTarget(studyInView());
      return target && show(target);
    },
    [COMMANDS.toggleHeatMap]: async () => {
      const studyInstanceUid = studyInView();
      if (studyInstanceUid === undefined) return;
      await attempt("No heat map", () => heatMap.toggle(studyInstanceUid));
      toolbarService.refreshToolbarState({ viewportId: viewportGridService.getState().activeViewportId });
    },
    [COMMANDS.setHeatMapOpacity]: ({ opacity }: { opacity: number }) => heatMap.setOpacity(opacity),
  };
}

/** The key slice after the one on the screen, round and round; the first when another slice is on the screen. */
function nextTarget(studyInstanceUid: string | undefined): SliceTarget | undefined {
  const study = studyInstanceUid === undefined ? undefined : resultOf(studyInstanceUid);
  if (!study?.seriesInstanceUid) return undefined;
  // Two findings may share a slice: it is visited once.
  const bySlice = new Map(findingsToVisit(study).map(({ keySlices: [first] }) => [first.sopInstanceUid, first]));
  const keySlices = [...bySlice.values()];
  const shown = keySlices.findIndex(({ sopInstanceUid }) => sopInstanceUid === currentSlice.get()?.sopInstanceUid);
  const next = keySlices[(shown + 1) % keySlices.length];
  if (next === undefined) return undefined;
  const { seriesInstanceUid } = study;
  const { sopInstanceUid, box } = next;
  return box ? { seriesInstanceUid, sopInstanceUid, point: middleOf(box) } : { seriesInstanceUid, sopInstanceUid };
}

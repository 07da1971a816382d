import { findingsToVisit } from "./findings.ts";
import { COMMANDS } from "./ids.ts";
import type { Ohif } from "./ohif-types.ts";
import { sliceKey } from "./slices.ts";
import { openInViewer, openStudies, resultOf } from "./studies.ts";
import { currentSlice } from "./viewport/current-slice.ts";
import type { HeatMapControl } from "./viewport/heat-map.ts";
import { type SliceTarget, showSlice, targetAt } from "./viewport/show-slice.ts";

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
  const current = currentSlice.get();
  if (study === undefined) return undefined;
  // Two findings may share a slice: it is visited once.
  const byKey = new Map(findingsToVisit(study).map(({ keySlices: [first] }) => [sliceKey(first), first]));
  const shown = current === null ? -1 : [...byKey.keys()].indexOf(sliceKey(current));
  const next = [...byKey.values()][(shown + 1) % byKey.size];
  return next && targetAt(next, next.box);
}

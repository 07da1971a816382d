import type { Box, Finding } from "../../../src/contract/finding.ts";
import type { StudyResource } from "../../../src/contract/study.ts";
import { LABEL_NAME } from "../../../src/contract/words.ts";
import { COMMANDS } from "../ids.ts";
import type { Ohif, Point2 } from "../ohif-types.ts";
import { type Answer, answerFinding } from "../studies.ts";
import type { SliceTarget } from "./show-slice.ts";

/** What the panel can make the viewer do. */
export interface ViewerActions {
  showSlice(study: StudyResource, sopInstanceUid: string, box?: Box | null): void;
  toggleHeatMap(): void;
  setHeatMapOpacity(opacity: number): void;
  answer(study: StudyResource, finding: Finding, decision: Answer): Promise<void>;
}

export function createViewerActions({ commandsManager, servicesManager }: Ohif): ViewerActions {
  return {
    showSlice(study, sopInstanceUid, box) {
      if (study.seriesInstanceUid === null) return;
      const target: SliceTarget = { seriesInstanceUid: study.seriesInstanceUid, sopInstanceUid };
      if (box) target.point = middleOf(box);
      commandsManager.runCommand(COMMANDS.showSlice, target);
    },
    toggleHeatMap: () => void commandsManager.runCommand(COMMANDS.toggleHeatMap),
    setHeatMapOpacity: (opacity) => void commandsManager.runCommand(COMMANDS.setHeatMapOpacity, { opacity }),
    async answer(study, finding, decision) {
      try {
        await answerFinding(study, finding, decision);
      } catch (error) {
        servicesManager.services.uiNotificationService.show({
          title: "The answer was not kept",
          message: `${LABEL_NAME[finding.label]}: ${(error as Error).message}`,
          type: "error",
          duration: 8000,
        });
      }
    },
  };
}

export function middleOf([left, top, right, bottom]: Box): Point2 {
  return [(left + right) / 2, (top + bottom) / 2];
}

import type { Box, Finding } from "../../../src/contract/finding.ts";
import type { StudyResource } from "../../../src/contract/study.ts";
import { refusalWords } from "../../../src/contract/words.ts";
import { ApiError } from "../api.ts";
import { COMMANDS } from "../ids.ts";
import type { Ohif } from "../ohif-types.ts";
import type { SliceRef } from "../slices.ts";
import { type Answer, answerFinding } from "../studies.ts";
import { targetAt } from "./show-slice.ts";

/** What the panel can make the viewer do. */
export interface ViewerActions {
  showSlice(slice: SliceRef, box?: Box | null): void;
  toggleHeatMap(): void;
  setHeatMapOpacity(opacity: number): void;
  /** Resolves with why the answer was not kept, in words; undefined when it was. */
  answer(study: StudyResource, finding: Finding, decision: Answer): Promise<string | undefined>;
}

export function createViewerActions({ commandsManager }: Ohif): ViewerActions {
  return {
    showSlice: (slice, box) => void commandsManager.runCommand(COMMANDS.showSlice, targetAt(slice, box)),
    toggleHeatMap: () => void commandsManager.runCommand(COMMANDS.toggleHeatMap),
    setHeatMapOpacity: (opacity) => void commandsManager.runCommand(COMMANDS.setHeatMapOpacity, { opacity }),
    async answer(study, finding, decision) {
      try {
        await answerFinding(study, finding, decision);
        return undefined;
      } catch (error) {
        return whyNotKept(error);
      }
    },
  };
}

export function whyNotKept(error: unknown): string {
  if (error instanceof ApiError) return refusalWords(error.status, error.retryAfterS);
  return "Not kept: Vigil cannot be reached.";
}

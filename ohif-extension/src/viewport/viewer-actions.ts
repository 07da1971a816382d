import type { Box, Finding } from "../../../src/contract/finding.ts";
import type { SliceRef } from "../../../src/contract/slices.ts";
import type { StudyResource } from "../../../src/contract/study.ts";
import { type Answer, answerFinding } from "../answers.ts";
import { COMMANDS } from "../ids.ts";
import type { Ohif } from "../ohif-types.ts";
import { whyNot } from "../refusals.ts";
import { reloadOpenStudies } from "../studies.ts";
import { targetAt } from "./show-slice.ts";
import type { WindowId } from "./window-table.ts";

/** What the panel can make the viewer do. */
export interface ViewerActions {
  showSlice(slice: SliceRef, box?: Box | null): void;
  visitKeySlice(step: 1 | -1): void;
  toggleHeatMap(): void;
  setHeatMapOpacity(opacity: number): void;
  setWindow(windowId: WindowId): void;
  /** Resolves with why the answer was not kept, in words; undefined when it was. */
  answer(study: StudyResource, finding: Finding, decision: Answer): Promise<string | undefined>;
  undoAnswer(): void;
  /** Resolves with why the study is not scored again, in words; undefined when it is. */
  rescore(studyInstanceUid: string): Promise<string | undefined>;
  retry(): Promise<void>;
  loadNewImages(): void;
  toggleKeys(): void;
}

export function createViewerActions({ commandsManager }: Ohif): ViewerActions {
  const run = (command: string, options: object = {}) => void commandsManager.runCommand(command, options);
  return {
    showSlice: (slice, box) => run(COMMANDS.showSlice, targetAt(slice, box)),
    visitKeySlice: (step) => run(COMMANDS.nextKeySlice, { step }),
    toggleHeatMap: () => run(COMMANDS.toggleHeatMap),
    setHeatMapOpacity: (opacity) => run(COMMANDS.setHeatMapOpacity, { opacity }),
    setWindow: (windowId) => run(COMMANDS.setWindow, { windowId }),
    answer: (study, finding, decision) => outcome(answerFinding(study, finding, decision), "Not kept"),
    undoAnswer: () => run(COMMANDS.undoAnswer),
    rescore: (studyInstanceUid) =>
      outcome(commandsManager.runCommand(COMMANDS.rescore, { studyInstanceUid }), "Not scored again"),
    retry: reloadOpenStudies,
    loadNewImages: () => run(COMMANDS.loadNewImages),
    toggleKeys: () => run(COMMANDS.toggleKeys),
  };
}

async function outcome(action: unknown, unsaid: string): Promise<string | undefined> {
  try {
    await action;
    return undefined;
  } catch (error) {
    return whyNot(error, unsaid);
  }
}

import type { Box } from "../../../src/contract/finding.ts";
import type { Label } from "../../../src/contract/labels.ts";
import type { SliceRef } from "../../../src/contract/slices.ts";
import type { StudyResource } from "../../../src/contract/study.ts";
import { t } from "../../../src/contract/translate.ts";
import { giveAnswer, sayNegative } from "../answers.ts";
import { COMMANDS } from "../ids.ts";
import type { Ohif } from "../ohif-types.ts";
import { askName } from "../reader.ts";
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
  answer(study: StudyResource, label: Label, present: boolean, comment?: string): void;
  sayNegative(study: StudyResource): void;
  undoAnswer(): void;
  askName(): void;
  /** Hangs a prior beside, or takes it away. */
  toggleBeside(priorUid: string): void;
  linkBeside(isLinked: boolean): void;
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
    answer: (study, label, present, comment) => void giveAnswer(study, label, present, comment),
    sayNegative: (study) => void sayNegative(study),
    askName: () => void askName(),
    toggleBeside: (priorUid) => run(COMMANDS.toggleBeside, { priorUid }),
    linkBeside: (isLinked) => run(COMMANDS.linkBeside, { isLinked }),
    undoAnswer: () => run(COMMANDS.undoAnswer),
    rescore: (studyInstanceUid) =>
      outcome(commandsManager.runCommand(COMMANDS.rescore, { studyInstanceUid }), t("Not scored again")),
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

import type { WorklistItem } from "../../../src/contract/worklist.ts";
import { reader } from "../reader.ts";
import { openedStudy } from "../studies.ts";
import { compareUrgency } from "./triage-order.ts";
import { triage } from "./triage-state.ts";

/** The most urgent study that nobody has read, and nobody else has open; undefined when there is none. */
export function studyToReadNext(): WorklistItem | undefined {
  const { name } = reader.get();
  return [...triage.get().items.values()]
    .filter((item) => item.group === "attention" && item.studyInstanceUid !== openedStudy.get())
    .filter(({ reading }) => reading === null || reading.reader === name)
    .sort(compareUrgency)[0];
}

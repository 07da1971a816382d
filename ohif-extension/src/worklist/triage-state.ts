import type { TriageEvent } from "../../../src/contract/event.ts";
import type { ModelRef } from "../../../src/contract/model.ts";
import type { WorklistItem } from "../../../src/contract/worklist.ts";
import { createStore } from "../ui/store.ts";

/** What the page knows of all studies, kept up to date by the live feed. */
export interface TriageState {
  /** By Study Instance UID. */
  items: ReadonlyMap<string, WorklistItem>;
  /** Whether the work list has been read, which may be before the feed is live or after it was lost. */
  isRead: boolean;
  /** `lost`: what is shown may be old. */
  connection: "connecting" | "live" | "lost";
  model: ModelRef | null;
}

export const triage = createStore<TriageState>({
  items: new Map(),
  isRead: false,
  connection: "connecting",
  model: null,
});

export function triageItem(studyInstanceUid: string): WorklistItem | undefined {
  return triage.get().items.get(studyInstanceUid);
}

export function withWorklist(state: TriageState, items: WorklistItem[]): TriageState {
  return { ...state, isRead: true, items: new Map(items.map((item) => [item.studyInstanceUid, item])) };
}

export function withEvent(state: TriageState, event: TriageEvent): TriageState {
  switch (event.type) {
    case "study-updated":
    case "flagged":
      return { ...state, items: new Map(state.items).set(event.study.studyInstanceUid, event.study) };
    case "model":
      return { ...state, model: event.model };
    case "queue":
      return state;
  }
}

import type { TriageEvent } from "../../../src/contract/event.ts";
import { fetchWorklist } from "../api.ts";
import { triage, withEvent, withWorklist } from "./triage-state.ts";

/** How long the list waits for the live feed to read the work list before it does so itself. */
const FEED_PATIENCE_MS = 2000;

/** Events that arrive while the work list is read: newer than what it will say. One array for each reading. */
const arriving = new Set<TriageEvent[]>();

export function noteEvent(event: TriageEvent): void {
  for (const arrived of arriving) arrived.push(event);
}

/** @throws ApiError, TypeError when Vigil does not answer */
export async function readWorklist(): Promise<void> {
  const arrived: TriageEvent[] = [];
  arriving.add(arrived);
  try {
    const items = await fetchWorklist();
    triage.set(arrived.reduce(withEvent, withWorklist(triage.get(), items)));
  } finally {
    arriving.delete(arrived);
  }
}

/**
 * Resolves once the work list is known. The live feed reads it; where it cannot, or is not wanted because the page is
 * hidden, it is read here.
 * @throws as readWorklist
 */
export async function worklistKnown(): Promise<void> {
  if (!document.hidden) await feedHasRead();
  if (!triage.get().isRead) await readWorklist();
}

function feedHasRead(): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      const { isRead, connection } = triage.get();
      if (!isRead && connection === "connecting") return;
      unsubscribe();
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      unsubscribe();
      resolve();
    }, FEED_PATIENCE_MS);
    const unsubscribe = triage.subscribe(look);
    look();
  });
}

import type { TriageEvent } from "../../../src/triage/resources.ts";
import { fetchWorklist } from "../api.ts";
import { triage, withEvent, withWorklist } from "./triage-state.ts";

const EVENT_TYPES = ["study-updated", "flagged", "queue", "model"] as const satisfies TriageEvent["type"][];
const RETRY_MS = 3000;

/**
 * Follows Vigil's events for as long as the page is open. After every (re)connection the whole work list is read
 * once, so that nothing is missed; the browser reconnects by itself.
 */
export function startLiveFeed(onEvent: (event: TriageEvent) => void): void {
  const source = new EventSource("/api/events");
  /** Events that arrive while the work list is read: newer than what it will say. */
  let arrivedMeanwhile: TriageEvent[] | undefined;

  const readWorklist = async () => {
    const arrived: TriageEvent[] = [];
    arrivedMeanwhile = arrived;
    try {
      const items = await fetchWorklist();
      triage.set(arrived.reduce(withEvent, withWorklist({ ...triage.get(), connection: "live" }, items)));
    } catch {
      triage.set({ ...triage.get(), connection: "lost" });
      setTimeout(readWorklist, RETRY_MS);
    }
  };
  source.addEventListener("open", readWorklist);
  source.addEventListener("error", () => triage.set({ ...triage.get(), connection: "lost" }));

  for (const type of EVENT_TYPES) {
    source.addEventListener(type, (message) => {
      const event = { type, ...JSON.parse(message.data) } as TriageEvent;
      arrivedMeanwhile?.push(event);
      triage.set(withEvent(triage.get(), event));
      onEvent(event);
    });
  }
}

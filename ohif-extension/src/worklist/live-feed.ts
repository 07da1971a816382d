import type { TriageEvent } from "../../../src/contract/event.ts";
import { fetchWorklist } from "../api.ts";
import { type TriageState, triage, withEvent, withWorklist } from "./triage-state.ts";

const EVENT_TYPES = ["study-updated", "flagged", "queue", "model"] as const satisfies TriageEvent["type"][];
const RETRY_MS = 3000;

/**
 * Follows Vigil's events while the page can be seen. A browser opens only six connections to one server: pages in the
 * background must not use them up.
 */
export function startLiveFeed(onEvent: (event: TriageEvent) => void): void {
  let feed: EventSource | undefined;
  const follow = () => {
    if (document.hidden) {
      feed?.close();
      feed = undefined;
    } else {
      feed ??= connect(onEvent);
    }
  };
  document.addEventListener("visibilitychange", follow);
  follow();
}

/**
 * After every (re)connection the whole work list is read once, so that nothing is missed; the browser reconnects by
 * itself.
 */
function connect(onEvent: (event: TriageEvent) => void): EventSource {
  const feed = new EventSource("/api/events");
  const reader = new WorklistReader(() => feed.readyState === EventSource.OPEN);
  feed.addEventListener("open", () => void reader.read());
  feed.addEventListener("error", () => setConnection("lost"));
  for (const type of EVENT_TYPES) {
    feed.addEventListener(type, (message) => {
      const event = { type, ...JSON.parse(message.data) } as TriageEvent;
      reader.note(event);
      triage.set(withEvent(triage.get(), event));
      onEvent(event);
    });
  }
  return feed;
}

/** Reads the work list, and again while it fails; knows what happened meanwhile. */
class WorklistReader {
  readonly #isConnected: () => boolean;
  /** Events that arrive while the work list is read: newer than what it will say. */
  #arrivedMeanwhile: TriageEvent[] | undefined;

  constructor(isConnected: () => boolean) {
    this.#isConnected = isConnected;
  }

  note(event: TriageEvent): void {
    this.#arrivedMeanwhile?.push(event);
  }

  async read(): Promise<void> {
    const arrived: TriageEvent[] = [];
    this.#arrivedMeanwhile = arrived;
    try {
      const items = await fetchWorklist();
      triage.set(arrived.reduce(withEvent, withWorklist({ ...triage.get(), connection: "live" }, items)));
    } catch {
      setConnection("lost");
      setTimeout(() => this.#isConnected() && this.read(), RETRY_MS);
    } finally {
      this.#arrivedMeanwhile = undefined;
    }
  }
}

function setConnection(connection: TriageState["connection"]): void {
  triage.set({ ...triage.get(), connection });
}

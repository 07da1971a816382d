import type { TriageEvent } from "../../../src/contract/event.ts";
import { hearsWhileHidden } from "./alert-choice.ts";
import { type TriageState, triage, withEvent } from "./triage-state.ts";
import { noteEvent, readWorklist } from "./worklist-reader.ts";

const EVENT_TYPES = ["study-updated", "flagged", "queue", "model"] as const satisfies TriageEvent["type"][];
const RETRY_MS = 3000;

/**
 * Follows Vigil's events while the page can be seen. A browser opens only six connections to one server: pages in the
 * background must not use them up, but for the one that alerts.
 */
export function startLiveFeed(onEvent: (event: TriageEvent) => void): void {
  let feed: EventSource | undefined;
  const follow = () => {
    if (document.hidden && !hearsWhileHidden.get()) {
      feed?.close();
      feed = undefined;
    } else {
      // A browser gives up where the service answers with an error, as it does while it has too many streams.
      if (feed?.readyState === EventSource.CLOSED) feed = undefined;
      feed ??= connect(onEvent);
    }
  };
  setInterval(follow, RETRY_MS);
  document.addEventListener("visibilitychange", follow);
  hearsWhileHidden.subscribe(follow);
  follow();
}

/**
 * After every (re)connection the whole work list is read once, so that nothing is missed; the browser reconnects by
 * itself.
 */
function connect(onEvent: (event: TriageEvent) => void): EventSource {
  const feed = new EventSource("/api/events");
  feed.addEventListener("open", () => void readUntilKnown(feed));
  feed.addEventListener("error", () => setConnection("lost"));
  for (const type of EVENT_TYPES) {
    feed.addEventListener(type, (message) => {
      const event = { type, ...JSON.parse(message.data) } as TriageEvent;
      noteEvent(event);
      triage.set(withEvent(triage.get(), event));
      onEvent(event);
    });
  }
  return feed;
}

/** Reads the work list, and again while that fails. */
async function readUntilKnown(feed: EventSource): Promise<void> {
  try {
    await readWorklist();
    setConnection("live");
  } catch {
    setConnection("lost");
    setTimeout(() => feed.readyState === EventSource.OPEN && readUntilKnown(feed), RETRY_MS);
  }
}

function setConnection(connection: TriageState["connection"]): void {
  triage.set({ ...triage.get(), connection });
}

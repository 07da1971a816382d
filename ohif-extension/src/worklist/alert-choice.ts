import { createStore } from "../ui/store.ts";
import { triage } from "./triage-state.ts";

/** Whether this browser tells of critical studies with a desktop notification and a sound: asked for by a click only. */

const STORED_AS = "vigilAlerts";

/** Studies flagged later than this are told of (by the service's clock); null: none. */
export const alertsSince = createStore<string | null>(stored());

/** Whether this tab must hear of studies while nobody sees it. */
export const hearsWhileHidden = createStore(false);

/** No sound comes before the reader has clicked or typed in the page. */
export const isSoundWaiting = createStore(false);

/** From a click: browsers ask for permission then only. Without it, or before it is given, there is the sound alone. */
export function switchAlerts(): void {
  if (alertsSince.get() !== null) {
    store(null);
    return;
  }
  if ("Notification" in globalThis && Notification.permission === "default") void Notification.requestPermission();
  const flagged = [...triage.get().items.values()].map(({ flaggedAt }) => flaggedAt ?? "");
  store(flagged.reduce((latest, at) => (at > latest ? at : latest), ""));
}

function store(since: string | null): void {
  try {
    if (since === null) localStorage.removeItem(STORED_AS);
    else localStorage.setItem(STORED_AS, since);
  } catch {
    // A browser that keeps nothing is asked again after a reload.
  }
  alertsSince.set(since);
}

function stored(): string | null {
  try {
    return localStorage.getItem(STORED_AS);
  } catch {
    return null;
  }
}

/** In every tab of the browser. */
globalThis.addEventListener?.("storage", ({ key }) => {
  if (key === STORED_AS) alertsSince.set(stored());
});

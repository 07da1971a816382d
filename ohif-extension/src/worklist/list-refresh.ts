import type { TriageEvent } from "../../../src/contract/event.ts";
import type { Ohif } from "../ohif-types.ts";
import { listedStudies } from "./listed-studies.ts";

/** What OHIF asks the PACS for when its data source does not say. */
const OHIF_DEFAULT_LIMIT = 101;
/** A study arrives with a bunch of events, and studies arrive in bunches. */
const GATHER_MS = 400;

export interface ListRefresh {
  /** Makes OHIF's study list ask the PACS again, soon; many calls in a row make one. */
  ask(): void;
  /** Asks when Vigil speaks of a study that the list does not hold yet. */
  onEvent(event: TriageEvent): void;
}

/**
 * OHIF has no call that refreshes its study list. It asks the PACS again when what it would ask for has changed, so the
 * limit of its query grows by one, and the route is entered once more: the rows stay on the screen until the new ones
 * are there, and sorting, filters, page and selection are kept.
 */
export function createListRefresh({ commandsManager, extensionManager }: Ohif): ListRefresh {
  /** Asked for once; a study that a filter hides never turns up. */
  const asked = new Set<string>();
  let isWaiting = false;

  const refresh = () => {
    isWaiting = false;
    const config = extensionManager.getActiveDataSource()[0]?.getConfig();
    if (listedStudies() === undefined || config === undefined) return;
    config.queryLimit = (config.queryLimit ?? OHIF_DEFAULT_LIMIT) + 1;
    const to = location.pathname + location.search;
    commandsManager.runCommand("navigateHistory", { to, options: { replace: true } });
  };
  const ask = () => {
    if (!isWaiting) setTimeout(refresh, GATHER_MS);
    isWaiting = true;
  };

  return {
    ask,
    onEvent(event) {
      if (event.type !== "study-updated" && event.type !== "flagged") return;
      const { studyInstanceUid } = event.study;
      const listed = listedStudies();
      if (listed === undefined || listed.has(studyInstanceUid) || asked.has(studyInstanceUid)) return;
      asked.add(studyInstanceUid);
      ask();
    },
  };
}

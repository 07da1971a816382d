import { useEffect, useState } from "react";
import type { StudyResource } from "../../../src/contract/study.ts";
import type { Ohif } from "../ohif-types.ts";
import { unloadedSlices } from "../viewport/unloaded-slices.ts";

const EVENTS = ["DISPLAY_SETS_ADDED", "DISPLAY_SETS_CHANGED", "DISPLAY_SETS_REMOVED"];
/** OHIF loads a study series by series: what is missing for a moment is not new. */
const SETTLE_MS = 2000;
const NONE: ReadonlySet<string> = new Set();

/** The slices of the result that the viewer does not have, by slice key, as its series come and go. */
export function useUnloadedSlices(ohif: Ohif, study: StudyResource): ReadonlySet<string> {
  const [unloaded, setUnloaded] = useState(NONE);
  useEffect(() => {
    const { displaySetService } = ohif.servicesManager.services;
    let timer: ReturnType<typeof setTimeout>;
    const check = () => setUnloaded(unloadedSlices(ohif, study));
    const checkSoon = () => {
      clearTimeout(timer);
      timer = setTimeout(check, SETTLE_MS);
    };
    const subscriptions = EVENTS.map((name) => displaySetService.subscribe(displaySetService.EVENTS[name]!, checkSoon));
    checkSoon();
    return () => {
      clearTimeout(timer);
      for (const subscription of subscriptions) subscription.unsubscribe();
    };
  }, [ohif, study]);
  return unloaded;
}

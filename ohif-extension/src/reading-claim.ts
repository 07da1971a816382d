import { READING_REPEATED_S } from "../../src/contract/reading-times.ts";
import { claimReading, releaseReading } from "./api.ts";
import { reader } from "./reader.ts";
import { openedStudy } from "./studies.ts";

/**
 * Tells others who has the opened study before them, while the page can be seen. Nobody is kept from reading by it, so
 * a claim that does not arrive is not worth a word. Ends, and says so, when the returned function is called.
 */
export function claimWhileOpen(): () => void {
  let claimed: { studyInstanceUid: string; name: string } | undefined;
  const release = () => {
    if (claimed !== undefined) void releaseReading(claimed.studyInstanceUid, claimed.name).catch(() => {});
    claimed = undefined;
  };
  const claim = () => {
    const studyInstanceUid = openedStudy.get();
    const { name } = reader.get();
    if (claimed?.studyInstanceUid !== studyInstanceUid || claimed?.name !== name) release();
    if (studyInstanceUid === null || name === null || document.hidden) return;
    claimed = { studyInstanceUid, name };
    void claimReading(studyInstanceUid, name).catch(() => {});
  };
  const timer = setInterval(claim, READING_REPEATED_S * 1000);
  const unsubscribes = [openedStudy.subscribe(claim), reader.subscribe(claim)];
  document.addEventListener("visibilitychange", claim);
  addEventListener("pagehide", release);
  claim();
  return () => {
    clearInterval(timer);
    for (const unsubscribe of unsubscribes) unsubscribe();
    document.removeEventListener("visibilitychange", claim);
    removeEventListener("pagehide", release);
    release();
  };
}

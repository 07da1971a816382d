import React from "react";
import type { StudyResource } from "../../../src/contract/study.ts";
import { t } from "../../../src/contract/translate.ts";
import { scoreWords, statusWords } from "../../../src/contract/words.ts";
import { goneFromPacs, lostSince } from "../live.ts";
import { noteReplacedSeen, replacedResults, staleStudies, statusOf } from "../studies.ts";
import { useStore } from "../ui/use-store.ts";
import type { ViewerActions } from "../viewport/viewer-actions.ts";
import { triage } from "../worklist/triage-state.ts";
import { noStudyWords } from "./no-study.tsx";
import { ActionButton, Notice } from "./notice.tsx";
import { timeOfDay } from "./times.ts";

/** That nothing here is live any more; above everything, for it is true of everything. */
export function ConnectionNotice({ actions }: { actions: ViewerActions }) {
  const since = useStore(lostSince);
  if (since === null) return null;
  return (
    <Notice name="not-live">
      <p>
        ⚠ {t("Not live since {time}: Vigil does not answer, and what is shown may be old.", { time: timeOfDay(since) })}
      </p>
      <ActionButton name="retry" label={t("Try again")} act={() => retryInWords(actions)} />
    </Notice>
  );
}

async function retryInWords(actions: ViewerActions): Promise<string | undefined> {
  await actions.retry();
  const problems = [...staleStudies.get().values()];
  return problems[0] && noStudyWords(problems[0]).title;
}

/** What a reader must know about a study before its verdict: the verdict may be old, or about to change. */
export function StudyNotices({ study, actions }: { study: StudyResource; actions: ViewerActions }) {
  const isGone = useStore(goneFromPacs).has(study.studyInstanceUid);
  return (
    <>
      {isGone && (
        <Notice name="gone-from-pacs">
          <p>⚠ {t("The PACS no longer holds this study. What you see was loaded before; go back to the list.")}</p>
        </Notice>
      )}
      <Stale study={study} actions={actions} />
      <Replacement study={study} />
      <Failure study={study} actions={actions} />
      <Rescoring study={study} />
    </>
  );
}

function Stale({ study, actions }: { study: StudyResource; actions: ViewerActions }) {
  const problem = useStore(staleStudies).get(study.studyInstanceUid);
  const isLost = useStore(lostSince) !== null;
  // Said above already.
  if (problem === undefined || isLost) return null;
  return (
    <Notice name="stale">
      <p>
        ⚠ {noStudyWords(problem).title} {t("What is shown may be old.")}
      </p>
      <ActionButton name="retry" label={t("Try again")} act={() => retryInWords(actions)} />
    </Notice>
  );
}

function Replacement({ study }: { study: StudyResource }) {
  const replaced = useStore(replacedResults).get(study.studyInstanceUid);
  if (replaced === undefined) return null;
  const { at, before } = replaced;
  return (
    <Notice name="new-result" tone="info">
      <p>
        {t("New result at {time}.", { time: timeOfDay(at) })}
        {before.model !== null && ` ${t("Before: {result}.", { result: resultWords(before) })}`}
      </p>
      <button type="button" className="vigil-button" onClick={() => noteReplacedSeen(study.studyInstanceUid)}>
        {t("Seen")}
      </button>
    </Notice>
  );
}

/** "Critical, score 97 of 100" */
function resultWords(study: StudyResource): string {
  const { text } = statusWords(statusOf(study));
  return study.probabilities === null ? text : `${text}, ${scoreWords(study.probabilities.any)}`;
}

function Failure({ study, actions }: { study: StudyResource; actions: ViewerActions }) {
  if (study.error === null && study.state !== "failed") return null;
  const hasResult = study.model !== null;
  return (
    <Notice name="failed">
      <p>
        ⚠ {hasResult ? t("Re-score failed") : t("Scoring failed")}: {study.error?.message ?? t("no reason was given")}.
      </p>
      {hasResult && <p>{t("The result below is the one before; it says nothing of images that came since.")}</p>}
      <RescoreButton study={study} actions={actions} />
    </Notice>
  );
}

export function RescoreButton({ study, actions }: { study: StudyResource; actions: ViewerActions }) {
  return <ActionButton name="rescore" label={t("Score again")} act={() => actions.rescore(study.studyInstanceUid)} />;
}

const AT_WORK = new Set<StudyResource["state"]>(["received", "waiting", "scoring"]);

function Rescoring({ study }: { study: StudyResource }) {
  const progress = useStore(triage).items.get(study.studyInstanceUid)?.progress;
  if (study.model === null || !AT_WORK.has(study.state)) return null;
  const howFar = progress ? ` (${progress.done}/${progress.total})` : "";
  return (
    <Notice name="rescoring" tone="info">
      <p>◴ {t("Being scored again{howFar}: the result below is the one before.", { howFar })}</p>
    </Notice>
  );
}

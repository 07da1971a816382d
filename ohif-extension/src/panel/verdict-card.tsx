import React from "react";
import type { StudyResource } from "../../../src/contract/study.ts";
import { t } from "../../../src/contract/translate.ts";
import { scoreWords, verdictWords, wasSeenWhole } from "../../../src/contract/words.ts";
import { isVerdictOpen, overallFinding, slicesToVisit, verdictSentence } from "../findings.ts";
import { statusOf } from "../studies.ts";
import { Chip } from "../ui/chip.tsx";
import type { ViewerActions } from "../viewport/viewer-actions.ts";
import type { ViewOnScreen } from "../viewport/views.ts";
import { VerdictButtons } from "./answer-buttons.tsx";
import { PriorRows } from "./prior-rows.tsx";
import { Warnings } from "./warnings.tsx";

interface VerdictCardProps {
  study: StudyResource;
  view: ViewOnScreen;
  actions: ViewerActions;
}

/** The answer to the one question of triage, with its score, in a sentence; and what it does not rest on. */
export function VerdictCard({ study, view, actions }: VerdictCardProps) {
  const overall = overallFinding(study);
  if (overall === undefined) return null;
  const words = verdictWords(overall.presence, wasSeenWhole(statusOf(study)));
  const sentence = verdictSentence(study);
  const best = slicesToVisit(study)[0]?.slice;
  return (
    <section className={`vigil-card vigil-verdict-${words.tone}`} data-cy="vigil-verdict">
      <Chip status={words} />
      <p className="vigil-verdict-score">{scoreWords(overall.probability, overall.threshold)}</p>
      {sentence !== "" && (
        <p>
          {sentence}{" "}
          {best && (
            <button type="button" className="vigil-link" onClick={() => actions.showSlice(best, best.box)}>
              {t("Show")}
            </button>
          )}
        </p>
      )}
      <Warnings study={study} />
      <div className="vigil-row vigil-verdict-answer">
        <VerdictButtons study={study} label="any" view={view} actions={actions} isOpen={isVerdictOpen(study)} />
        <button type="button" className="vigil-button vigil-answer" data-cy="vigil-undo" onClick={actions.undoAnswer}>
          {t("Undo")} <kbd className="vigil-key">Z</kbd>
        </button>
      </div>
      {!view.isDrawn && (
        <p className="vigil-muted" data-cy="vigil-answers-off">
          {t("Answers are off until an image of this study is on the screen.")}
        </p>
      )}
      <PriorRows study={study} actions={actions} />
    </section>
  );
}

import React from "react";
import type { Flag } from "../../../src/result.ts";
import type { StudyResource } from "../../../src/triage/resources.ts";
import { overallFinding, verdictSentence } from "../findings.ts";
import { Chip } from "../ui/chip.tsx";
import type { SliceNumbers } from "../viewport/slice-numbers.ts";
import type { ViewerActions } from "../viewport/viewer-actions.ts";
import { percent, statusWords } from "../words.ts";
import { AnswerButtons } from "./answer-buttons.tsx";

const VERDICT: Partial<Record<Flag, string>> = {
  critical: "Haemorrhage likely",
  undetermined: "Haemorrhage undetermined",
};

interface VerdictCardProps {
  study: StudyResource;
  numbers: SliceNumbers;
  actions: ViewerActions;
}

/** The answer to the one question of triage, with its probability, in a sentence. */
export function VerdictCard({ study, numbers, actions }: VerdictCardProps) {
  const status = statusWords(study);
  const overall = overallFinding(study);
  const sentence = verdictSentence(study, numbers);
  return (
    <section className={`vigil-card vigil-verdict vigil-verdict-${status.tone}`} data-cy="vigil-verdict">
      <div className="vigil-row">
        <Chip status={{ ...status, text: VERDICT[study.flag] ?? status.text }} />
        {study.probabilities && (
          <span className="vigil-verdict-number" data-cy="vigil-verdict-probability">
            {percent(study.probabilities.any)}
          </span>
        )}
      </div>
      {sentence !== "" && <p data-cy="vigil-verdict-sentence">{sentence}</p>}
      {overall && (
        <div className="vigil-row">
          <span className="vigil-muted vigil-grow">Your answer</span>
          <AnswerButtons study={study} finding={overall} actions={actions} inWords />
        </div>
      )}
    </section>
  );
}

import React from "react";
import type { StudyResource } from "../../../src/contract/study.ts";
import { percent, VERDICT_WORDS } from "../../../src/contract/words.ts";
import { overallFinding, verdictSentence } from "../findings.ts";
import { Chip } from "../ui/chip.tsx";
import type { SliceNumbers } from "../viewport/slice-numbers.ts";
import type { ViewerActions } from "../viewport/viewer-actions.ts";
import { AnswerButtons } from "./answer-buttons.tsx";

interface VerdictCardProps {
  study: StudyResource;
  numbers: SliceNumbers;
  actions: ViewerActions;
}

/** The answer to the one question of triage, with its probability, in a sentence. */
export function VerdictCard({ study, numbers, actions }: VerdictCardProps) {
  const overall = overallFinding(study);
  if (overall === undefined) return null;
  const words = VERDICT_WORDS[overall.presence];
  const sentence = verdictSentence(study, numbers);
  return (
    <section className={`vigil-card vigil-verdict-${words.tone}`} data-cy="vigil-verdict">
      <div className="vigil-row">
        <Chip status={words} />
        <span className="vigil-verdict-number">{percent(overall.probability)}</span>
      </div>
      {sentence !== "" && <p>{sentence}</p>}
      <div className="vigil-row vigil-verdict-answer">
        <span className="vigil-muted vigil-grow">Your answer</span>
        <AnswerButtons study={study} finding={overall} actions={actions} inWords />
      </div>
    </section>
  );
}

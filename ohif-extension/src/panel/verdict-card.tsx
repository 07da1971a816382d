import React from "react";
import { notSeenOf } from "../../../src/contract/not-seen.ts";
import type { StudyResource } from "../../../src/contract/study.ts";
import { percent, verdictWords } from "../../../src/contract/words.ts";
import { overallFinding, verdictSentence } from "../findings.ts";
import type { SliceNumbers } from "../slices.ts";
import { Chip } from "../ui/chip.tsx";
import type { ViewerActions } from "../viewport/viewer-actions.ts";
import { AnswerButtons } from "./answer-buttons.tsx";
import { Warnings } from "./warnings.tsx";

interface VerdictCardProps {
  study: StudyResource;
  numbers: SliceNumbers;
  actions: ViewerActions;
}

/** The answer to the one question of triage, with its probability, in a sentence; and what it does not rest on. */
export function VerdictCard({ study, numbers, actions }: VerdictCardProps) {
  const overall = overallFinding(study);
  if (overall === undefined) return null;
  const words = verdictWords(overall.presence, notSeenOf(study.warnings).length === 0);
  const sentence = verdictSentence(study, numbers);
  return (
    <section className={`vigil-card vigil-verdict-${words.tone}`} data-cy="vigil-verdict">
      <div className="vigil-row">
        <Chip status={words} />
        <span className="vigil-verdict-number">{percent(overall.probability)}</span>
      </div>
      {sentence !== "" && <p>{sentence}</p>}
      <Warnings study={study} />
      <div className="vigil-row vigil-verdict-answer">
        <span className="vigil-muted vigil-grow">Your answer</span>
        <AnswerButtons study={study} finding={overall} actions={actions} inWords />
      </div>
    </section>
  );
}

import React, { useState } from "react";
import type { Finding } from "../../../src/contract/finding.ts";
import type { StudyResource } from "../../../src/contract/study.ts";
import { LABEL_NAME } from "../../../src/contract/words.ts";
import { type Answer, answerTo, whyNoAnswer } from "../answers.ts";
import type { ViewerActions } from "../viewport/viewer-actions.ts";
import type { ViewOnScreen } from "../viewport/views.ts";

const CHOICES: { decision: Answer; symbol: string; verb: string; hotkey: string }[] = [
  { decision: "accept", symbol: "✓", verb: "Agree", hotkey: "A" },
  { decision: "reject", symbol: "✕", verb: "Disagree", hotkey: "D" },
];

interface AnswerButtonsProps {
  study: StudyResource;
  finding: Finding;
  /** What is on the screen: an answer is about what the reader sees. */
  view: ViewOnScreen;
  actions: ViewerActions;
  /** With the verb and its key on the button. */
  inWords?: boolean;
}

/**
 * Agree or disagree with a finding. The last answer counts, so either button also replaces the other one. An answer
 * that was not kept says why, on a line of its own.
 */
export function AnswerButtons({ study, finding, view, actions, inWords = false }: AnswerButtonsProps) {
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string>();
  const obstacle = whyNoAnswer(study.studyInstanceUid, view);
  const answered = answerTo(study, finding);
  const answer = async (decision: Answer) => {
    setSending(true);
    setProblem(await actions.answer(study, finding, decision));
    setSending(false);
  };
  return (
    <>
      <span className="vigil-answers">
        {CHOICES.map(({ decision, symbol, verb, hotkey }) => (
          <button
            key={decision}
            type="button"
            className={`vigil-button vigil-answer vigil-answer-${decision}`}
            data-cy={`vigil-${decision}-${finding.label}`}
            aria-label={`${verb}: ${LABEL_NAME[finding.label]} ${finding.presence}`}
            aria-pressed={answered === decision}
            title={obstacle === undefined ? verb : `${verb}: not now, ${obstacle}`}
            disabled={sending || obstacle !== undefined}
            onClick={() => void answer(decision)}
          >
            {inWords ? `${symbol} ${verb} ` : symbol}
            {inWords && <kbd className="vigil-key">{hotkey}</kbd>}
          </button>
        ))}
      </span>
      {problem !== undefined && (
        <span className="vigil-answer-problem" role="alert" data-cy={`vigil-answer-problem-${finding.label}`}>
          ⚠ {problem}
        </span>
      )}
    </>
  );
}

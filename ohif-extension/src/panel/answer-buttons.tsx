import React, { useState } from "react";
import type { Finding } from "../../../src/contract/finding.ts";
import type { StudyResource } from "../../../src/contract/study.ts";
import { LABEL_NAME } from "../../../src/contract/words.ts";
import { type Answer, answerTo } from "../studies.ts";
import type { ViewerActions } from "../viewport/viewer-actions.ts";

const CHOICES: { decision: Answer; symbol: string; verb: string }[] = [
  { decision: "accept", symbol: "✓", verb: "Agree" },
  { decision: "reject", symbol: "✕", verb: "Disagree" },
];

interface AnswerButtonsProps {
  study: StudyResource;
  finding: Finding;
  actions: ViewerActions;
  /** With the verb on the button. */
  inWords?: boolean;
}

/**
 * Agree or disagree with a finding. The last answer counts, so either button also takes the other one back. An answer
 * that was not kept says why, on a line of its own.
 */
export function AnswerButtons({ study, finding, actions, inWords = false }: AnswerButtonsProps) {
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string>();
  const answered = answerTo(study, finding);
  const answer = async (decision: Answer) => {
    setSending(true);
    setProblem(await actions.answer(study, finding, decision));
    setSending(false);
  };
  return (
    <>
      <span className="vigil-answers">
        {CHOICES.map(({ decision, symbol, verb }) => (
          <button
            key={decision}
            type="button"
            className={`vigil-button vigil-answer vigil-answer-${decision}`}
            data-cy={`vigil-${decision}-${finding.label}`}
            aria-label={`${verb}: ${LABEL_NAME[finding.label]} ${finding.presence}`}
            aria-pressed={answered === decision}
            title={verb}
            disabled={sending}
            onClick={() => void answer(decision)}
          >
            {inWords ? `${symbol} ${verb}` : symbol}
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

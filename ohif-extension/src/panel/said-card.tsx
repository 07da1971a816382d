import React, { useState } from "react";
import type { StoredFeedback } from "../../../src/contract/feedback.ts";
import type { StudyResource } from "../../../src/contract/study.ts";
import { english, t } from "../../../src/contract/translate.ts";
import { LABEL_NAME } from "../../../src/contract/words.ts";
import { answerProblems, ownAnswer, saidPresent, saysPresent, standingAnswers } from "../answers.ts";
import { reader } from "../reader.ts";
import { useStore } from "../ui/use-store.ts";
import type { ViewerActions } from "../viewport/viewer-actions.ts";
import { ActionButton, Notice } from "./notice.tsx";
import { whenWords } from "./times.ts";

/** An answer that the service does not hold, and the way to try again. */
export function NotKept({ study }: { study: StudyResource }) {
  const problem = useStore(answerProblems).get(study.studyInstanceUid);
  if (problem === undefined) return null;
  return (
    <Notice name="not-kept">
      <p>⚠ {problem.words}</p>
      <ActionButton
        name="answer-again"
        label={t("Try again")}
        act={async () => {
          await problem.again();
          return undefined;
        }}
      />
    </Notice>
  );
}

/** Who said what of this result, in whose name answers are given now, and room for a comment. */
export function SaidCard({ study, actions }: { study: StudyResource; actions: ViewerActions }) {
  const answers = standingAnswers(study);
  const earlier = study.feedback.filter(({ withdrawnAt, toPresentResult }) => withdrawnAt === null && !toPresentResult);
  return (
    <section className="vigil-card vigil-said" data-cy="vigil-said">
      <h3>{t("Answers")}</h3>
      {answers.length === 0 && <p className="vigil-muted">{t("Nobody has answered yet.")}</p>}
      <ul>
        {answers.map((answer) => (
          <li key={answer.id}>{answerWords(study, answer)}</li>
        ))}
      </ul>
      {earlier.length > 0 && (
        <p className="vigil-muted">{t("To an earlier result: {count} answers.", { count: earlier.length })}</p>
      )}
      <Comment study={study} actions={actions} />
      <Name actions={actions} />
    </section>
  );
}

/** "✓ B. Miller agrees · 14:03 · “small”", "✕ B. Miller: Subdural is not there · 14:04" */
function answerWords(study: StudyResource, answer: StoredFeedback): string {
  const { label, reader: name, at, comment } = answer;
  const present = saysPresent(study, answer);
  const who = name ?? t("somebody");
  const symbol = present === saidPresent(study, label) ? "✓" : "✕";
  const isVerdict = label === "any" && answer.decision === "accept";
  const what = isVerdict ? t("{who} agrees", { who }) : t(SAYS[`${present}`], { who, label: t(LABEL_NAME[label]) });
  return [`${symbol} ${what}`, whenWords(at), ...(comment === undefined ? [] : [`“${comment}”`])].join(" · ");
}

const SAYS = {
  true: english("{who}: {label} is there"),
  false: english("{who}: {label} is not there"),
};

function Comment({ study, actions }: { study: StudyResource; actions: ViewerActions }) {
  const { name } = useStore(reader);
  const [text, setText] = useState("");
  const own = ownAnswer(study, "any", name);
  if (own === undefined) return null;
  const save = (event: React.FormEvent) => {
    event.preventDefault();
    const comment = text.trim();
    if (comment === "") return;
    setText("");
    actions.answer(study, "any", saysPresent(study, own), comment);
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  };
  return (
    <form className="vigil-row vigil-comment" onSubmit={save}>
      <input
        className="vigil-input vigil-grow"
        data-cy="vigil-comment"
        aria-label={t("Comment on your answer")}
        placeholder={t("Comment on your answer")}
        maxLength={2000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {text.trim() !== "" && (
        <button type="submit" className="vigil-button">
          {t("Keep")}
        </button>
      )}
    </form>
  );
}

function Name({ actions }: { actions: ViewerActions }) {
  const { name, isLogin } = useStore(reader);
  return (
    <p className="vigil-muted vigil-note" data-cy="vigil-reader">
      {name === null ? t("Answers are kept as labels, with a name.") : t("You answer as {name}.", { name })}{" "}
      {!isLogin && (
        <button type="button" className="vigil-link" data-cy="vigil-change-name" onClick={actions.askName}>
          {name === null ? t("Give a name") : t("Change")}
        </button>
      )}
    </p>
  );
}

import React from "react";
import type { Label } from "../../../src/contract/labels.ts";
import type { StudyResource } from "../../../src/contract/study.ts";
import { english, t } from "../../../src/contract/translate.ts";
import { LABEL_NAME } from "../../../src/contract/words.ts";
import { isAnswering, ownAnswer, saidPresent, saysPresent, whyNoAnswer } from "../answers.ts";
import { reader } from "../reader.ts";
import { useStore } from "../ui/use-store.ts";
import type { ViewerActions } from "../viewport/viewer-actions.ts";
import type { ViewOnScreen } from "../viewport/views.ts";

interface AnswerProps {
  study: StudyResource;
  label: Label;
  /** What is on the screen: an answer is about what the reader sees. */
  view: ViewOnScreen;
  actions: ViewerActions;
}

const AGREE = { verb: english("Agree"), symbol: "✓" };
const DISAGREE = { verb: english("Disagree"), symbol: "✕" };
const THERE = { verb: english("It is there"), symbol: "✓" };
const NOT_THERE = { verb: english("It is not there"), symbol: "✕" };

/** To the verdict, with the keys. Where Vigil does not know, there is nothing to agree with: the reader says what is there. */
export function VerdictButtons({ isOpen, ...props }: AnswerProps & { isOpen: boolean }) {
  const says = saidPresent(props.study, props.label);
  const choices = isOpen
    ? [
        { present: true, verb: english("Bleeding"), symbol: "✓", hotkey: "A" },
        { present: false, verb: english("No bleeding"), symbol: "✕", hotkey: "D" },
      ]
    : [
        { present: says, ...AGREE, hotkey: "A" },
        { present: !says, ...DISAGREE, hotkey: "D" },
      ];
  return <Choices {...props} choices={choices} />;
}

/** To one kind of haemorrhage, whether it was found or not. */
export function KindButtons(props: AnswerProps) {
  const choices = [
    { present: true, ...THERE },
    { present: false, ...NOT_THERE },
  ];
  return <Choices {...props} choices={choices} />;
}

interface Choice {
  present: boolean;
  verb: string;
  symbol: string;
  hotkey?: string;
}

function Choices({ study, label, view, actions, choices }: AnswerProps & { choices: Choice[] }) {
  const { name } = useStore(reader);
  const isBusy = useStore(isAnswering);
  const obstacle = whyNoAnswer(study.studyInstanceUid, view);
  const own = ownAnswer(study, label, name);
  const said = own && saysPresent(study, own);
  return (
    <span className="vigil-answers">
      {choices.map(({ present, verb, symbol, hotkey }) => (
        <button
          key={verb}
          type="button"
          className={`vigil-button vigil-answer vigil-answer-${symbol === "✓" ? "accept" : "reject"}`}
          data-cy={`vigil-${present ? "there" : "not-there"}-${label}`}
          aria-label={`${t(LABEL_NAME[label])}: ${t(verb)}`}
          aria-pressed={said === present}
          title={obstacle === undefined ? t(verb) : t("{verb}: not now, {obstacle}", { verb: t(verb), obstacle })}
          disabled={isBusy || obstacle !== undefined}
          onClick={() => actions.answer(study, label, present)}
        >
          {hotkey === undefined ? symbol : `${symbol} ${t(verb)} `}
          {hotkey !== undefined && <kbd className="vigil-key">{hotkey}</kbd>}
        </button>
      ))}
    </span>
  );
}

import React from "react";
import type { Finding } from "../../../src/contract/finding.ts";
import type { StudyResource } from "../../../src/contract/study.ts";
import { english, t } from "../../../src/contract/translate.ts";
import { LABEL_NAME, NOT_SEEN_WHOLE, score, sideWord } from "../../../src/contract/words.ts";
import { isAnswering, whyNoAnswer } from "../answers.ts";
import { findingTone, isSuspected, subtypeFindings } from "../findings.ts";
import { Meter } from "../ui/meter.tsx";
import { useStore } from "../ui/use-store.ts";
import type { ViewerActions } from "../viewport/viewer-actions.ts";
import type { ViewOnScreen } from "../viewport/views.ts";
import { KindButtons } from "./answer-buttons.tsx";

interface CardProps {
  study: StudyResource;
  view: ViewOnScreen;
  actions: ViewerActions;
}

const VISITS = [
  { name: "next", text: english("next"), title: english("Go to the next key slice"), hotkey: "N", step: 1 },
  {
    name: "previous",
    text: english("previous"),
    title: english("Go to the previous key slice"),
    hotkey: "P",
    step: -1,
  },
] as const;

/** One line per kind of haemorrhage, each of which can be answered; what is suspected leads to its key slice. */
export function FindingsCard({ study, view, actions }: CardProps) {
  const findings = subtypeFindings(study);
  return (
    <section className="vigil-card" data-cy="vigil-findings">
      <h3 className="vigil-row">
        <span className="vigil-grow">{t("Findings, score of 100")}</span>
        {VISITS.map(({ name, text, title, hotkey, step }) => (
          <button
            key={name}
            type="button"
            className="vigil-link"
            data-cy={`vigil-${name}-key-slice`}
            aria-label={t(title)}
            onClick={() => actions.visitKeySlice(step)}
          >
            {t(text)} <kbd className="vigil-key">{hotkey}</kbd>
          </button>
        ))}
      </h3>
      <ul className="vigil-finding-list">
        {findings.map((finding) => (
          <FindingLine key={finding.id} study={study} view={view} finding={finding} actions={actions} />
        ))}
      </ul>
      {findings.some(isOpen) && (
        <p className="vigil-note vigil-open" data-cy="vigil-findings-open">
          ◆ {t("not called absent: the head was {how}", { how: t(NOT_SEEN_WHOLE) })}
        </p>
      )}
      <WholeStudyNegative study={study} view={view} actions={actions} />
    </section>
  );
}

function WholeStudyNegative({ study, view, actions }: CardProps) {
  const isBusy = useStore(isAnswering);
  const isOff = isBusy || whyNoAnswer(study.studyInstanceUid, view) !== undefined;
  return (
    <p>
      <button
        type="button"
        className="vigil-button vigil-answer"
        data-cy="vigil-whole-negative"
        disabled={isOff}
        onClick={() => actions.sayNegative(study)}
      >
        {t("Whole study negative")}
      </button>
    </p>
  );
}

/** Neither suspected nor absent: something was not seen that could show it. */
function isOpen(finding: Finding): boolean {
  return finding.presence === "undetermined" && !isSuspected(finding);
}

function FindingLine({ study, view, finding, actions }: CardProps & { finding: Finding }) {
  const { label, presence, probability, threshold } = finding;
  const state = isOpen(finding) ? "open" : presence;
  return (
    <li className={`vigil-finding vigil-finding-${state}`} data-cy={`vigil-finding-${label}`}>
      <FindingName finding={finding} actions={actions} />
      {state === "open" && (
        <span className="vigil-open" role="img" aria-label={t("Undetermined: {how}", { how: t(NOT_SEEN_WHOLE) })}>
          ◆
        </span>
      )}
      <Meter probability={probability} threshold={threshold} tone={findingTone(finding)} />
      <span className="vigil-number vigil-finding-number">{score(probability)}</span>
      <KindButtons study={study} view={view} label={label} actions={actions} />
    </li>
  );
}

/** Leads to the key slice, where there is one. */
function FindingName({ finding, actions }: { finding: Finding; actions: ViewerActions }) {
  const keySlice = finding.keySlices[0];
  const name = t(LABEL_NAME[finding.label]);
  const side = sideWord(finding.laterality);
  if (keySlice === undefined) return <span className="vigil-finding-name">{name}</span>;
  return (
    <button
      type="button"
      className="vigil-finding-name"
      data-cy={`vigil-show-${finding.label}`}
      aria-label={t("Show the key slice of {label}", { label: name })}
      onClick={() => actions.showSlice(keySlice, keySlice.box)}
    >
      {name}
      {side !== "" && <span className="vigil-finding-side">{side}</span>}
    </button>
  );
}

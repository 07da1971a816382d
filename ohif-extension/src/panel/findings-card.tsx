import React from "react";
import type { Finding } from "../../../src/contract/finding.ts";
import type { StudyResource } from "../../../src/contract/study.ts";
import { LABEL_NAME, NOT_SEEN_WHOLE, score, sideWord } from "../../../src/contract/words.ts";
import { findingTone, isSuspected, subtypeFindings } from "../findings.ts";
import { Meter } from "../ui/meter.tsx";
import type { ViewerActions } from "../viewport/viewer-actions.ts";
import type { ViewOnScreen } from "../viewport/views.ts";
import { AnswerButtons } from "./answer-buttons.tsx";

interface CardProps {
  study: StudyResource;
  view: ViewOnScreen;
  actions: ViewerActions;
}

/** One line per kind of haemorrhage; what is suspected leads to its key slice and can be answered. */
export function FindingsCard({ study, view, actions }: CardProps) {
  const findings = subtypeFindings(study);
  return (
    <section className="vigil-card" data-cy="vigil-findings">
      <h3 className="vigil-row">
        <span className="vigil-grow">Findings, score of 100</span>
        <VisitButton name="next" hotkey="N" step={1} actions={actions} />
        <VisitButton name="previous" hotkey="P" step={-1} actions={actions} />
      </h3>
      <ul className="vigil-finding-list">
        {findings.map((finding) => (
          <FindingLine key={finding.id} study={study} view={view} finding={finding} actions={actions} />
        ))}
      </ul>
      {findings.some(isOpen) && (
        <p className="vigil-note vigil-open" data-cy="vigil-findings-open">
          ◆ not called absent: the head was {NOT_SEEN_WHOLE}
        </p>
      )}
      <p className="vigil-muted vigil-note">Answers are kept as labels for training; the last one counts.</p>
    </section>
  );
}

interface VisitButtonProps {
  name: string;
  hotkey: string;
  step: 1 | -1;
  actions: ViewerActions;
}

/** Leads through every key slice, best first. */
function VisitButton({ name, hotkey, step, actions }: VisitButtonProps) {
  return (
    <button
      type="button"
      className="vigil-link"
      data-cy={`vigil-${name}-key-slice`}
      aria-label={`Go to the ${name} key slice`}
      onClick={() => actions.visitKeySlice(step)}
    >
      {name} <kbd className="vigil-key">{hotkey}</kbd>
    </button>
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
      <Meter probability={probability} threshold={threshold} tone={findingTone(finding)} />
      <span className="vigil-number vigil-finding-number">{score(probability)}</span>
      {state === "open" && (
        <span className="vigil-finding-end vigil-open" role="img" aria-label={`Undetermined: ${NOT_SEEN_WHOLE}`}>
          ◆
        </span>
      )}
      {state === "absent" && <span className="vigil-finding-end" />}
      {isSuspected(finding) && <AnswerButtons study={study} view={view} finding={finding} actions={actions} />}
    </li>
  );
}

/** Leads to the key slice, where there is one. */
function FindingName({ finding, actions }: { finding: Finding; actions: ViewerActions }) {
  const keySlice = finding.keySlices[0];
  const name = LABEL_NAME[finding.label];
  const side = sideWord(finding.laterality);
  if (keySlice === undefined) return <span className="vigil-finding-name">{name}</span>;
  return (
    <button
      type="button"
      className="vigil-finding-name"
      data-cy={`vigil-show-${finding.label}`}
      aria-label={`Show the key slice of ${name}`}
      onClick={() => actions.showSlice(keySlice, keySlice.box)}
    >
      {name}
      {side !== "" && <span className="vigil-finding-side">{side}</span>}
    </button>
  );
}

import React from "react";
import type { Finding, Presence } from "../../../src/contract/finding.ts";
import type { StudyResource } from "../../../src/contract/study.ts";
import { LABEL_NAME, percent, sideWord } from "../../../src/contract/words.ts";
import { subtypeFindings } from "../findings.ts";
import { Meter } from "../ui/meter.tsx";
import type { ViewerActions } from "../viewport/viewer-actions.ts";
import { AnswerButtons } from "./answer-buttons.tsx";

const TONE: Record<Presence, "critical" | "undetermined" | "negative"> = {
  present: "critical",
  undetermined: "undetermined",
  absent: "negative",
};

interface CardProps {
  study: StudyResource;
  actions: ViewerActions;
}

/** One line per kind of haemorrhage; what was found leads to its key slice and can be answered. */
export function FindingsCard({ study, actions }: CardProps) {
  return (
    <section className="vigil-card" data-cy="vigil-findings">
      <h3>
        Findings <kbd className="vigil-key">N</kbd> next
      </h3>
      <ul className="vigil-finding-list">
        {subtypeFindings(study).map((finding) => (
          <FindingLine key={finding.id} study={study} finding={finding} actions={actions} />
        ))}
      </ul>
      <p className="vigil-muted vigil-note">Answers are kept as labels for training; the last one counts.</p>
    </section>
  );
}

function FindingLine({ study, finding, actions }: CardProps & { finding: Finding }) {
  const { label, presence, probability, threshold, laterality } = finding;
  const keySlice = finding.keySlices[0];
  const name = LABEL_NAME[label];
  const side = sideWord(laterality);
  return (
    <li className={`vigil-finding vigil-finding-${presence}`} data-cy={`vigil-finding-${label}`}>
      {keySlice ? (
        <button
          type="button"
          className="vigil-finding-name"
          data-cy={`vigil-show-${label}`}
          aria-label={`Show the key slice of ${name}`}
          onClick={() => actions.showSlice(study, keySlice.sopInstanceUid, keySlice.box)}
        >
          {name}
          {side !== "" && <span className="vigil-finding-side">{side}</span>}
        </button>
      ) : (
        <span className="vigil-finding-name">{name}</span>
      )}
      <Meter probability={probability} threshold={threshold} tone={TONE[presence]} />
      <span className="vigil-number vigil-finding-number">{percent(probability)}</span>
      <span className="vigil-finding-answers">
        {presence !== "absent" && <AnswerButtons study={study} finding={finding} actions={actions} />}
      </span>
    </li>
  );
}

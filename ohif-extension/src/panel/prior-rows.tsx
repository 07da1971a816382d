import React from "react";
import type { Label } from "../../../src/contract/labels.ts";
import type { Prior } from "../../../src/contract/prior.ts";
import type { StudyResource } from "../../../src/contract/study.ts";
import { t } from "../../../src/contract/translate.ts";
import { joined, LABEL_NAME, scoreWords, statusWords } from "../../../src/contract/words.ts";
import { earlierStudies, subtypeFindings } from "../findings.ts";
import { Chip } from "../ui/chip.tsx";
import { useStore } from "../ui/use-store.ts";
import { besideView } from "../viewport/beside-view.ts";
import type { ViewerActions } from "../viewport/viewer-actions.ts";
import { dateWords } from "./study-words.ts";

/** What was said of this patient before, next to what is said now; each prior can be hung beside. */
export function PriorRows({ study, actions }: { study: StudyResource; actions: ViewerActions }) {
  const beside = useStore(besideView);
  const priors = earlierStudies(study);
  if (priors.length === 0) return null;
  return (
    <div className="vigil-priors" data-cy="vigil-priors">
      <h4>{priors.length === 1 ? t("Prior") : t("Priors")}</h4>
      {priors.map((prior, index) => (
        <div key={prior.studyInstanceUid} className="vigil-prior" data-cy={`vigil-prior-${index + 1}`}>
          <div className="vigil-row">
            <span className="vigil-number">{dateWords(prior.studyDate)}</span>
            <span className="vigil-grow">
              <Chip status={statusWords({ ...prior, reason: null })} />
            </span>
            <button
              type="button"
              className="vigil-button"
              data-cy={`vigil-beside-${index + 1}`}
              aria-pressed={beside?.priorUid === prior.studyInstanceUid}
              aria-label={t("Show the study of {date} beside", { date: dateWords(prior.studyDate) })}
              onClick={() => actions.toggleBeside(prior.studyInstanceUid)}
            >
              {t("Beside")} {index === 0 && <kbd className="vigil-key">C</kbd>}
            </button>
          </div>
          <p className="vigil-muted vigil-note">
            {[...(prior.probability === null ? [] : [scoreWords(prior.probability)]), kindsOf(prior)]
              .filter((part) => part !== "")
              .join(" · ")}
          </p>
          <Known study={study} prior={prior} />
        </div>
      ))}
      {beside !== null && (
        <label className="vigil-row vigil-note">
          <input
            type="checkbox"
            data-cy="vigil-linked"
            checked={beside.isLinked}
            onChange={(event) => actions.linkBeside(event.target.checked)}
          />
          {t("Scroll together; off, set the levels, on again: they stay as set")}
        </label>
      )}
    </div>
  );
}

function kindsOf({ findings }: Prior): string {
  return joined(findings.filter(({ label }) => label !== "any").map(({ label }) => t(LABEL_NAME[label])));
}

/** A bleed that was there before may be an old one; the reader decides. */
function Known({ study, prior }: { study: StudyResource; prior: Prior }) {
  const known = kindsInBoth(study, prior);
  if (known === undefined) return null;
  const date = dateWords(prior.studyDate, {
    withYear: prior.studyDate.slice(0, 4) !== study.patient.studyDate.slice(0, 4),
  });
  const kinds = joined(known.map((label) => t(LABEL_NAME[label])));
  return (
    <p className="vigil-known" data-cy="vigil-known">
      {kinds === ""
        ? t("Flagged on {date} too: known?", { date })
        : t("{kinds} flagged on {date} too: known?", { kinds, date })}
    </p>
  );
}

/** The kinds found in both; none, where one of them has no kind; undefined where there is nothing to know. */
function kindsInBoth(study: StudyResource, prior: Prior) {
  if (study.flag !== "critical" || prior.flag !== "critical") return undefined;
  const now = subtypeFindings(study).flatMap(({ label, presence }) => (presence === "present" ? label : []));
  const before: Label[] = prior.findings.flatMap(({ label }) => (label === "any" ? [] : label));
  if (now.length === 0 || before.length === 0) return [];
  const both = now.filter((label) => before.includes(label));
  return both.length === 0 ? undefined : both;
}

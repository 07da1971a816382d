import React, { useEffect } from "react";
import type { Preview } from "../../../../src/contract/preview.ts";
import type { Prior } from "../../../../src/contract/prior.ts";
import { english, t } from "../../../../src/contract/translate.ts";
import { LABEL_NAME, scoreWords, sideWord, statusWords } from "../../../../src/contract/words.ts";
import type { WorklistItem } from "../../../../src/contract/worklist.ts";
import { useLanguage } from "../../i18n/use-language.ts";
import type { Ohif, StudyRow } from "../../ohif-types.ts";
import { Chip } from "../../ui/chip.tsx";
import { Meter } from "../../ui/meter.tsx";
import { NotSeen, Remarks } from "../../ui/not-seen.tsx";
import { addStyle } from "../../ui/style.ts";
import { useStore } from "../../ui/use-store.ts";
import { arrivalWords, clock, duration } from "../arrival.ts";
import { patientText } from "../cells.tsx";
import { openSelected } from "../list-keys.ts";
import { ageAndSex } from "../patient.ts";
import { ReadMark } from "../read-mark.tsx";
import { triage } from "../triage-state.ts";
import { PaneHeader } from "./pane-header.tsx";
import style from "./preview.css";
import { Answers, Undo } from "./preview-answers.tsx";
import { Pictures } from "./preview-pictures.tsx";
import { followChanges, type Shown, shown, showPreview } from "./preview-source.ts";
import { dateWords, kindsOf, priorWords } from "./preview-words.ts";

addStyle(style);

interface PreviewPaneProps {
  /** The chosen one; null when there is none. */
  study: StudyRow | null;
  ohif: Ohif;
}

/** The chosen study at a glance, beside the list: what OHIF shows there is a list of series. */
export default function PreviewPane({ study, ohif }: PreviewPaneProps) {
  useLanguage();
  const current = useStore(shown);
  const { items } = useStore(triage);
  useEffect(followChanges, []);
  useEffect(() => {
    if (study) void showPreview(study);
  }, [study?.studyInstanceUid]);
  if (study === null || current === null) {
    return (
      <section className="vigil-preview" aria-label={t("Preview")}>
        <PaneHeader ohif={ohif}>
          <span className="vigil-muted">{study === null ? t("No study is chosen: ↓ chooses one") : t("Loading")}</span>
        </PaneHeader>
      </section>
    );
  }
  return (
    <Study
      current={current}
      item={items.get(current.row.studyInstanceUid)}
      isChosen={current.row.studyInstanceUid === study.studyInstanceUid}
      ohif={ohif}
    />
  );
}

interface StudyProps {
  current: Shown;
  item: WorklistItem | undefined;
  isChosen: boolean;
  ohif: Ohif;
}

function Study({ current, item, isChosen, ohif }: StudyProps) {
  const { row, preview } = current;
  const uid = row.studyInstanceUid;
  const overall = preview?.findings.find(({ label }) => label === "any");
  const words = item && statusWords(item);
  return (
    <section className="vigil-preview" aria-label={t("Preview")} data-cy="vigil-preview" data-study={uid}>
      <PaneHeader ohif={ohif}>{words ? <Chip status={words} /> : <span>{t("Not seen by Vigil")}</span>}</PaneHeader>
      <div className="vigil-preview-body">
        <Patient row={row} item={item} />
        {preview ? <Pictures key={uid} slices={preview.keySlices} /> : <NoPreview why={current.why} />}
        {item?.error && <p className="vigil-list-error">{item.error.message}</p>}
        {item?.probability != null && <Score item={item} probability={item.probability} />}
        {preview && <Kinds preview={preview} />}
        {item && <NotSeen items={item.notSeen.map((what) => ({ what }))} />}
        {preview && <Priors priors={preview.priors} />}
        {preview && <Remarks messages={remarksOf(preview)} />}
      </div>
      <footer className="vigil-preview-foot">
        <button
          type="button"
          className="vigil-button vigil-primary"
          disabled={!isChosen}
          onClick={openSelected}
          data-cy="vigil-preview-open"
        >
          {t("Open")} <kbd className="vigil-key">↵</kbd>
        </button>
        {isChosen && overall && words && (
          <Answers key={uid} studyInstanceUid={uid} patient={patientText(row)} finding={overall} verdict={words.tone} />
        )}
        <Undo studyInstanceUid={uid} />
      </footer>
    </section>
  );
}

function Patient({ row, item }: { row: StudyRow; item: WorklistItem | undefined }) {
  const now = useStore(clock);
  return (
    <div className="vigil-preview-patient">
      <div>
        <b>{patientText(row)}</b> {item && ageAndSex(item)}
      </div>
      <div className="vigil-muted">
        {[row.description || t("No description"), item?.ward, item?.priority].filter(Boolean).join(" · ")}
      </div>
      {item && (
        <div className="vigil-muted" title={arrivalWords(item)}>
          {t("Arrived {time} ago", { time: duration(now - Date.parse(item.receivedAt)) })}
          {item.flaggedAt !== null &&
            `, ${t("result after {time}", { time: duration(Date.parse(item.flaggedAt) - Date.parse(item.receivedAt)) })}`}
        </div>
      )}
      {item && <ReadMark item={item} />}
    </div>
  );
}

const WHY = {
  loading: english("Loading"),
  unknown: english("Vigil does not know this study: nothing is said of it."),
  unreachable: english("Vigil cannot be reached: what the list says may be old."),
  refused: english("Vigil cannot make the preview now. Open the study to see its images."),
};

function NoPreview({ why = "loading" }: { why: Shown["why"] }) {
  return (
    <p className="vigil-preview-none" role="status" data-cy="vigil-preview-none">
      {t(WHY[why])}
    </p>
  );
}

function Score({ item, probability }: { item: WorklistItem; probability: number }) {
  const { tone } = statusWords(item);
  const isFlag = tone === "critical" || tone === "undetermined";
  return (
    <div className="vigil-preview-score" data-cy="vigil-preview-score">
      {scoreWords(probability, item.threshold)}
      <Meter probability={probability} threshold={item.threshold} tone={isFlag ? tone : "negative"} />
    </div>
  );
}

function Kinds({ preview }: { preview: Preview }) {
  const { suspected, others } = kindsOf(preview.findings);
  if (suspected.length === 0 && others.length === 0) return null;
  return (
    <section className="vigil-preview-part" data-cy="vigil-preview-findings">
      <h4>{t("Findings")}</h4>
      {suspected.map(({ id, label, laterality, probability, threshold, presence }) => (
        <div key={id} className="vigil-preview-kind">
          <span>{[t(LABEL_NAME[label]), sideWord(laterality)].filter((part) => part !== "").join(", ")}</span>
          <span className="vigil-number">{scoreWords(probability)}</span>
          <Meter
            probability={probability}
            threshold={threshold}
            tone={presence === "present" ? "critical" : "undetermined"}
          />
        </div>
      ))}
      {others.length > 0 && (
        <p className="vigil-muted">
          {t("Below their thresholds: {kinds}", { kinds: others.map(({ label }) => t(LABEL_NAME[label])).join(", ") })}
        </p>
      )}
    </section>
  );
}

function Priors({ priors }: { priors: Prior[] }) {
  if (priors.length === 0) return null;
  return (
    <section className="vigil-preview-part" data-cy="vigil-preview-priors">
      <h4>{t("Priors")}</h4>
      <ul>
        {priors.map((prior) => (
          <li key={prior.studyInstanceUid} title={prior.studyDescription}>
            <span className="vigil-number">{dateWords(prior.studyDate)}</span> <Chip status={priorWords(prior)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What was not seen is told above, in fewer words. */
function remarksOf({ warnings }: Preview): string[] {
  return warnings.filter(({ limitsFlag }) => !limitsFlag).map(({ text }) => text);
}

import React, { useEffect, useMemo, useRef } from "react";
import type { StudyResource } from "../../../src/contract/study.ts";
import { t } from "../../../src/contract/translate.ts";
import { statusWords } from "../../../src/contract/words.ts";
import { useLanguage } from "../i18n/use-language.ts";
import type { Ohif } from "../ohif-types.ts";
import { isKnown, openStudies, statusOf } from "../studies.ts";
import { Chip } from "../ui/chip.tsx";
import { lazyPart } from "../ui/lazy.tsx";
import { addStyle } from "../ui/style.ts";
import { useStore } from "../ui/use-store.ts";
import { createViewerActions, type ViewerActions } from "../viewport/viewer-actions.ts";
import { activeView, type ViewOnScreen } from "../viewport/views.ts";
import { triage } from "../worklist/triage-state.ts";
import { BeingRead } from "./being-read.tsx";
import { FindingsCard } from "./findings-card.tsx";
import { keysShown } from "./keys-shown.ts";
import { NameDialog } from "./name-dialog.tsx";
import { NoStudyCard } from "./no-study.tsx";
import { Notice } from "./notice.tsx";
import panelStyle from "./panel.css";
import { ReadingCard } from "./reading-card.tsx";
import { NotKept, SaidCard } from "./said-card.tsx";
import { SliceChart } from "./slice-chart.tsx";
import studyStyle from "./study.css";
import { StudyHeader } from "./study-header.tsx";
import { ConnectionNotice, RescoreButton, StudyNotices } from "./study-notices.tsx";
import { useUnloadedSlices } from "./use-unloaded-slices.ts";
import { VerdictCard } from "./verdict-card.tsx";
import { ViewCard } from "./view-card.tsx";
import { Warnings } from "./warnings.tsx";

addStyle(`${panelStyle}\n${studyStyle}`);

const KeysSheet = lazyPart(async () => (await import("./keys-sheet.tsx")).KeysSheet);

/** The panel beside the images: what Vigil says of the study in the active viewport, and of no other one. */
export function FindingsPanel({ ohif }: { ohif: Ohif }) {
  const actions = useMemo(() => createViewerActions(ohif), [ohif]);
  const view = useStore(activeView);
  const areKeysShown = useStore(keysShown);
  useLanguage();
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    panel.current?.addEventListener("click", leaveKeyboardToViewer);
  }, []);
  return (
    <div className="vigil-panel" data-cy="vigil-panel" ref={panel}>
      <ConnectionNotice actions={actions} />
      {view === null ? (
        <p className="vigil-muted" data-cy="vigil-nothing-on-screen">
          {t("No image is on the screen: there is nothing to give a verdict on.")}
        </p>
      ) : (
        <>
          <StudyHeader ohif={ohif} view={view} />
          <PanelContent key={view.studyInstanceUid} ohif={ohif} view={view} actions={actions} />
        </>
      )}
      <footer className="vigil-footer">
        <button type="button" className="vigil-link" data-cy="vigil-show-keys" onClick={actions.toggleKeys}>
          {t("Keys")} <kbd className="vigil-key">?</kbd>
        </button>
        <span className="vigil-disclaimer">{t("Research use only. Not a medical device.")}</span>
      </footer>
      {areKeysShown && <KeysSheet />}
      <NameDialog />
    </div>
  );
}

/** After a click the keys belong to the images again, not to what was clicked; a keyboard's own press has no detail. */
function leaveKeyboardToViewer({ detail }: MouseEvent): void {
  const focused = document.activeElement;
  if (detail > 0 && focused instanceof HTMLElement && focused.matches(CLICKED)) focused.blur();
}

/** All but what is typed into. */
const CLICKED = "button, input[type=checkbox], input[type=range]";

interface ContentProps {
  ohif: Ohif;
  view: ViewOnScreen;
  actions: ViewerActions;
}

function PanelContent({ ohif, view, actions }: ContentProps) {
  const loaded = useStore(openStudies).get(view.studyInstanceUid) ?? { why: "loading" };
  if (!isKnown(loaded)) {
    return (
      <>
        <NoStudyCard noStudy={loaded} actions={actions} />
        <ViewCard actions={actions} hasHeatMap={false} />
      </>
    );
  }
  return (
    <>
      <BeingRead study={loaded} />
      <StudyNotices study={loaded} actions={actions} />
      <NotKept study={loaded} />
      {loaded.probabilities === null ? (
        <NoResult study={loaded} actions={actions} />
      ) : (
        <Result ohif={ohif} study={loaded} view={view} actions={actions} />
      )}
    </>
  );
}

function Result({ ohif, study, view, actions }: ContentProps & { study: StudyResource }) {
  const unloaded = useUnloadedSlices(ohif, study);
  return (
    <>
      {unloaded.size > 0 && (
        <Notice name="new-images" tone="info">
          <p>{t("New images: {count} that Vigil read are not in the viewer.", { count: unloaded.size })}</p>
          <button type="button" className="vigil-button" data-cy="vigil-load-new" onClick={actions.loadNewImages}>
            {t("Load")} <kbd className="vigil-key">U</kbd>
          </button>
        </Notice>
      )}
      <VerdictCard study={study} view={view} actions={actions} />
      <FindingsCard study={study} view={view} actions={actions} />
      <SaidCard study={study} actions={actions} />
      <SliceChart study={study} unloaded={unloaded} actions={actions} />
      <ViewCard actions={actions} hasHeatMap />
      <ReadingCard study={study} />
    </>
  );
}

function NoResult({ study, actions }: { study: StudyResource; actions: ViewerActions }) {
  const progress = useStore(triage).items.get(study.studyInstanceUid)?.progress ?? null;
  return (
    <>
      <section className="vigil-card" data-cy="vigil-verdict">
        <Chip status={statusWords({ ...statusOf(study), progress })} />
        {study.flag === "pending" && <p>{t("There is no verdict yet; it appears here by itself.")}</p>}
        {progress && (
          <progress
            className="vigil-progress"
            max={progress.total}
            value={progress.done}
            aria-label={t("Slices scored")}
          />
        )}
        <Warnings study={study} />
        {study.flag === "not-analysed" && study.state !== "failed" && (
          <p>
            <RescoreButton study={study} actions={actions} />
          </p>
        )}
      </section>
      <ViewCard actions={actions} hasHeatMap={false} />
      <ReadingCard study={study} />
    </>
  );
}

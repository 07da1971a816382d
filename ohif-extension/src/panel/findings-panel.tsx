import React, { useMemo } from "react";
import type { StudyResource } from "../../../src/contract/study.ts";
import { statusWords } from "../../../src/contract/words.ts";
import type { Ohif } from "../ohif-types.ts";
import { type LoadedStudy, openStudies, statusOf } from "../studies.ts";
import { Chip } from "../ui/chip.tsx";
import { useStore } from "../ui/use-store.ts";
import { currentSlice } from "../viewport/current-slice.ts";
import { sliceNumbers } from "../viewport/slice-numbers.ts";
import { createViewerActions } from "../viewport/viewer-actions.ts";
import { FindingsCard } from "./findings-card.tsx";
import { HeatMapCard } from "./heat-map-card.tsx";
import { ReadingCard } from "./reading-card.tsx";
import { SliceChart } from "./slice-chart.tsx";
import { VerdictCard } from "./verdict-card.tsx";
import { Warnings } from "./warnings.tsx";

/** The panel beside the images: what Vigil found in the study that is being looked at, and how. */
export function FindingsPanel({ ohif }: { ohif: Ohif }) {
  const studies = useStore(openStudies);
  const current = useStore(currentSlice);
  const studyInstanceUid =
    current && studies.has(current.studyInstanceUid) ? current.studyInstanceUid : studies.keys().next().value;
  const loaded = studyInstanceUid === undefined ? undefined : studies.get(studyInstanceUid);
  return (
    <div className="vigil-panel" data-cy="vigil-panel">
      <PanelContent ohif={ohif} loaded={loaded} />
      <p className="vigil-disclaimer">Research use only. Not a medical device.</p>
    </div>
  );
}

function PanelContent({ ohif, loaded }: { ohif: Ohif; loaded: LoadedStudy | undefined }) {
  if (loaded === undefined) return <p className="vigil-muted">Loading …</p>;
  if (loaded === "unknown") return <p className="vigil-muted">Vigil has not seen this study.</p>;
  if (loaded === "unreachable") return <p className="vigil-muted">Vigil cannot be reached.</p>;
  if (loaded.probabilities === null) return <NoResult study={loaded} />;
  return <Result ohif={ohif} study={loaded} />;
}

function Result({ ohif, study }: { ohif: Ohif; study: StudyResource }) {
  const actions = useMemo(() => createViewerActions(ohif), [ohif]);
  // OHIF loads the series after the panel: count again once there is something to count.
  const somethingIsShown = useStore(currentSlice) !== null;
  const numbers = useMemo(() => sliceNumbers(ohif, study), [ohif, study, somethingIsShown]);
  return (
    <>
      <VerdictCard study={study} numbers={numbers} actions={actions} />
      <FindingsCard study={study} actions={actions} />
      <SliceChart study={study} numbers={numbers} actions={actions} />
      <HeatMapCard actions={actions} />
      <ReadingCard study={study} />
    </>
  );
}

function NoResult({ study }: { study: StudyResource }) {
  return (
    <>
      <section className="vigil-card" data-cy="vigil-verdict">
        <Chip status={statusWords(statusOf(study))} />
        {study.error && <p>{study.error.message}</p>}
        <Warnings study={study} />
      </section>
      <ReadingCard study={study} />
    </>
  );
}

import React from "react";
import { badgeWords } from "../../../src/contract/words.ts";
import { useLanguage } from "../i18n/use-language.ts";
import type { DisplaySet } from "../ohif-types.ts";
import { wasRead } from "../series.ts";
import { isKnown, openStudies, statusOf } from "../studies.ts";
import { Chip } from "../ui/chip.tsx";
import { useStore } from "../ui/use-store.ts";

/** Vigil's verdict in the corner of each image of a series that was read. */
export function OverlayBadge({ displaySet }: { displaySet?: DisplaySet | undefined }) {
  useLanguage();
  const studies = useStore(openStudies);
  const study = displaySet && studies.get(displaySet.StudyInstanceUID);
  if (!isKnown(study) || study.probabilities === null) return null;
  if (!displaySet || !wasRead(study, displaySet.SeriesInstanceUID)) return null;
  return (
    <div className="vigil-badge" data-cy="vigil-overlay-badge">
      <Chip status={badgeWords(statusOf(study), study.probabilities.any)} />
    </div>
  );
}

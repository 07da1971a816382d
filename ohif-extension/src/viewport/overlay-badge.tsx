import React from "react";
import { percent, statusWords } from "../../../src/contract/words.ts";
import type { DisplaySet } from "../ohif-types.ts";
import { openStudies } from "../studies.ts";
import { Chip } from "../ui/chip.tsx";
import { useStore } from "../ui/use-store.ts";

/** Vigil's verdict in the corner of each image of the series that was read. */
export function OverlayBadge({ displaySet }: { displaySet?: DisplaySet | undefined }) {
  const studies = useStore(openStudies);
  const study = displaySet && studies.get(displaySet.StudyInstanceUID);
  if (typeof study !== "object" || study.probabilities === null) return null;
  if (displaySet?.SeriesInstanceUID !== study.seriesInstanceUid) return null;
  const status = statusWords(study);
  return (
    <div data-cy="vigil-overlay-badge">
      <Chip status={{ ...status, text: `AI: ${status.text.toLowerCase()} ${percent(study.probabilities.any)}` }} />
    </div>
  );
}

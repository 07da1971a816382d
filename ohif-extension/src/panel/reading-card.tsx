import React from "react";
import type { SeriesDecision } from "../../../src/contract/series.ts";
import type { StudyResource } from "../../../src/contract/study.ts";
import type { Timings } from "../../../src/contract/timings.ts";
import { milliseconds } from "../../../src/contract/words.ts";

/** How the result came about: which model read which series, why those, how long it took. */
export function ReadingCard({ study }: { study: StudyResource }) {
  const chosen = study.series.filter((series) => series.chosen);
  const others = study.series.filter((series) => !series.chosen);
  return (
    <section className="vigil-card vigil-reading" data-cy="vigil-reading">
      <h3>How it was read</h3>
      {study.model && (
        <p>
          {study.model.name} {study.model.version} on {(study.provider ?? "?").toUpperCase()}
          {chosen.length > 0 && ` · ${slicesRead(study, chosen)}`}
        </p>
      )}
      {chosen.map((series) => (
        <Series key={series.seriesInstanceUid} series={series} />
      ))}
      {others.length > 0 && (
        <details open={chosen.length === 0}>
          <summary>{others.length === 1 ? "1 other series" : `${others.length} other series`}</summary>
          {others.map((series) => (
            <Series key={series.seriesInstanceUid} series={series} />
          ))}
        </details>
      )}
      {study.timings.totalMs > 0 && <p className="vigil-muted">{timingText(study.timings)}</p>}
      {study.history.length > 0 && (
        <p className="vigil-muted">
          Replaces {study.history.length === 1 ? "an earlier result" : `${study.history.length} earlier results`}.
        </p>
      )}
    </section>
  );
}

/** "28 of 30 slices", "58 of 60 slices in 2 series"; without the whole where an image has several frames. */
function slicesRead({ slices }: StudyResource, chosen: SeriesDecision[]): string {
  const images = chosen.reduce((sum, series) => sum + series.instances, 0);
  const whole = slices.some(({ frameNumber }) => frameNumber !== null) ? "" : ` of ${images}`;
  return `${slices.length}${whole} slices${chosen.length > 1 ? ` in ${chosen.length} series` : ""}`;
}

function Series({ series }: { series: SeriesDecision }) {
  const name = series.description || `${series.modality} series`;
  return (
    <p>
      {series.chosen && "Chosen: "}
      {name} <span className="vigil-muted">{series.reasons.join(", ")}</span>
    </p>
  );
}

function timingText({ retrieveMs, decodeMs, preprocessMs, inferenceMs, reportMs }: Timings): string {
  const steps: [string, number][] = [
    ["fetch", retrieveMs],
    ["decode", decodeMs],
    ["prepare", preprocessMs],
    ["score", inferenceMs],
    ["report", reportMs],
  ];
  return steps
    .filter(([, ms]) => ms > 0)
    .map(([step, ms]) => `${step} ${milliseconds(ms)}`)
    .join(" · ");
}

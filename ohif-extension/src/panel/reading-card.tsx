import React from "react";
import type { SeriesDecision } from "../../../src/contract/series.ts";
import type { StudyResource } from "../../../src/contract/study.ts";
import type { Timings } from "../../../src/contract/timings.ts";
import { milliseconds } from "../../../src/contract/words.ts";

/** How the result came about: which model read which series, why that one, what was odd, how long it took. */
export function ReadingCard({ study }: { study: StudyResource }) {
  const chosen = study.series.find((series) => series.chosen);
  const others = study.series.filter((series) => !series.chosen);
  return (
    <section className="vigil-card vigil-reading" data-cy="vigil-reading">
      <h3>How it was read</h3>
      {study.model && (
        <p>
          {study.model.name} {study.model.version} on {(study.provider ?? "?").toUpperCase()}
          {chosen && ` · ${study.slices.length} of ${chosen.instances} slices`}
        </p>
      )}
      {chosen && <Series series={chosen} />}
      {study.warnings.map(({ code, message }) => (
        <p key={code} className="vigil-warning">
          ⚠ {message}
        </p>
      ))}
      {others.length > 0 && (
        <details open={chosen === undefined}>
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

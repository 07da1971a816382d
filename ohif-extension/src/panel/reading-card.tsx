import React from "react";
import type { SeriesDecision } from "../../../src/contract/series.ts";
import type { StudyResource } from "../../../src/contract/study.ts";
import type { Timings } from "../../../src/contract/timings.ts";
import { english, t } from "../../../src/contract/translate.ts";
import { milliseconds } from "../../../src/contract/words.ts";

/** How the result came about: which model read which series, why those, how long it took. */
export function ReadingCard({ study }: { study: StudyResource }) {
  const chosen = study.series.filter((series) => series.chosen);
  const others = study.series.filter((series) => !series.chosen);
  return (
    <section className="vigil-card vigil-reading" data-cy="vigil-reading">
      <h3>{t("How it was read")}</h3>
      {study.model && (
        <p>
          {t("{model} on {provider}", {
            model: `${study.model.name} ${study.model.version}`,
            provider: (study.provider ?? "?").toUpperCase(),
          })}
          {chosen.length > 0 && ` · ${slicesRead(study, chosen)}`}
        </p>
      )}
      {chosen.map((series) => (
        <Series key={series.seriesInstanceUid} series={series} />
      ))}
      {others.length > 0 && (
        <details open={chosen.length === 0}>
          <summary>{t("Other series: {count}", { count: others.length })}</summary>
          {others.map((series) => (
            <Series key={series.seriesInstanceUid} series={series} />
          ))}
        </details>
      )}
      {study.timings.totalMs > 0 && <p className="vigil-muted">{timingText(study.timings)}</p>}
      {study.history.length > 0 && (
        <p className="vigil-muted">{t("Earlier results: {count}", { count: study.history.length })}</p>
      )}
    </section>
  );
}

/** "28 of 30 slices", "58 of 60 slices in 2 series"; without the whole where an image has several frames. */
function slicesRead({ slices }: StudyResource, chosen: SeriesDecision[]): string {
  const read = slices.length;
  const of = chosen.reduce((sum, series) => sum + series.instances, 0);
  // An image of several frames is no whole to count by.
  const isMultiFrame = slices.some(({ frameNumber }) => frameNumber !== null);
  const count = isMultiFrame ? t("{read} slices", { read }) : t("{read} of {of} slices", { read, of });
  return chosen.length > 1 ? `${count} ${t("in {count} series", { count: chosen.length })}` : count;
}

function Series({ series }: { series: SeriesDecision }) {
  const name = series.description || t("{modality} series", { modality: series.modality });
  return (
    <p>
      {series.chosen && `${t("Chosen")}: `}
      {name} <span className="vigil-muted">{series.reasons.join(", ")}</span>
    </p>
  );
}

function timingText({ retrieveMs, decodeMs, preprocessMs, inferenceMs, reportMs }: Timings): string {
  const steps: [string, number][] = [
    [english("fetch"), retrieveMs],
    [english("decode"), decodeMs],
    [english("prepare"), preprocessMs],
    [english("score"), inferenceMs],
    [english("report"), reportMs],
  ];
  return steps
    .filter(([, ms]) => ms > 0)
    .map(([step, ms]) => `${t(step)} ${milliseconds(ms)}`)
    .join(" · ");
}

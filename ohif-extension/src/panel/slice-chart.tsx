import React, { useRef } from "react";
import type { SliceResult } from "../../../src/contract/result.ts";
import { type SliceNumbers, sliceKey, sliceNumbers, slicesBySeries } from "../../../src/contract/slices.ts";
import type { StudyResource } from "../../../src/contract/study.ts";
import { t } from "../../../src/contract/translate.ts";
import { scoreWords } from "../../../src/contract/words.ts";
import { placesInWords } from "../findings.ts";
import { seriesNames, slicesInOrder } from "../series.ts";
import { useStore } from "../ui/use-store.ts";
import type { ViewerActions } from "../viewport/viewer-actions.ts";
import { activeView } from "../viewport/views.ts";
import { SliceBars } from "./slice-bars.tsx";

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

interface SliceChartProps {
  study: StudyResource;
  /** Slices that the viewer does not have, by slice key. */
  unloaded: ReadonlySet<string>;
  actions: ViewerActions;
}

/** The map of the study: the probability of haemorrhage slice by slice, series after series. */
export function SliceChart({ study, unloaded, actions }: SliceChartProps) {
  const shownKey = useKeyOfCurrentSlice();
  const picked = useRef<string>(undefined);
  const slices = slicesInOrder(study);
  const numbers = sliceNumbers(study.slices);
  const current = slices.findIndex((slice) => sliceKey(slice) === shownKey);
  const show = (slice: SliceResult | undefined) => slice && actions.showSlice(slice);
  const step = (event: React.KeyboardEvent) => {
    const by = STEPS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    show(slices[current + by]);
  };
  const pick = ({ currentTarget, clientX, buttons }: React.PointerEvent) => {
    if ((buttons & 1) === 0) return;
    const { left, width } = currentTarget.getBoundingClientRect();
    const place = Math.floor(((clientX - left) / width) * slices.length);
    const slice = slices[Math.min(slices.length - 1, Math.max(0, place))];
    if (slice !== undefined && sliceKey(slice) !== picked.current) show(slice);
    picked.current = slice && sliceKey(slice);
  };
  const begin = (event: React.PointerEvent) => {
    picked.current = undefined;
    event.currentTarget.setPointerCapture(event.pointerId);
    pick(event);
  };
  const shown = slices[current];
  const caption = shown ? captionOf(shown, study, numbers) : t("what is shown is none of these slices");
  return (
    <section className="vigil-card" data-cy="vigil-slices">
      <h3>{t("Over the slices")}</h3>
      <SeriesNames study={study} />
      <div
        className="vigil-chart"
        role="slider"
        tabIndex={0}
        aria-label={t("Slice")}
        aria-valuemin={1}
        aria-valuemax={slices.length}
        aria-valuenow={current + 1}
        aria-valuetext={caption}
        onKeyDown={step}
        onPointerDown={begin}
        onPointerMove={pick}
      >
        <SliceBars study={study} slices={slices} current={current} unloaded={unloaded} />
        <div className="vigil-chart-place" aria-hidden="true">
          {shown && <span style={{ left: `${((current + 0.5) / slices.length) * 100}%` }}>▲</span>}
        </div>
      </div>
      <p className="vigil-chart-caption" data-cy="vigil-slice-caption">
        {caption}
      </p>
      {unloaded.size > 0 && (
        <p className="vigil-chart-caption vigil-muted" data-cy="vigil-slices-unloaded">
          ▨ {t("not in the viewer: {which}", { which: unloadedWords(study, unloaded, numbers) })}
        </p>
      )}
    </section>
  );
}

/** "slices 20–38", or "slices 1–3 of Head 5.0; slice 7 of Repeat" */
function unloadedWords(study: StudyResource, unloaded: ReadonlySet<string>, numbers: SliceNumbers): string {
  return placesInWords(
    study,
    study.slices.filter((slice) => unloaded.has(sliceKey(slice))),
    numbers,
  );
}

function useKeyOfCurrentSlice(): string | undefined {
  const slice = useStore(activeView)?.slice ?? null;
  return slice === null ? undefined : sliceKey(slice);
}

/** Above the bars, when there is more than one series to tell apart. */
function SeriesNames({ study }: { study: StudyResource }) {
  const names = seriesNames(study);
  if (names.size < 2) return null;
  return (
    <div className="vigil-chart-series" data-cy="vigil-chart-series">
      {[...slicesBySeries(study.slices)].map(([seriesInstanceUid, slices]) => (
        <span
          key={seriesInstanceUid}
          className="vigil-chart-series-name"
          style={{ flexGrow: slices.length }}
          title={names.get(seriesInstanceUid)}
        >
          {names.get(seriesInstanceUid)}
        </span>
      ))}
    </div>
  );
}

/** "Head 5.0 · slice 3 of 30 · score 47 of 100", the series only where there are several. */
function captionOf(slice: SliceResult, study: StudyResource, numbers: SliceNumbers): string {
  const names = seriesNames(study);
  const { number, of } = numbers.get(sliceKey(slice)) ?? { number: 0, of: 0 };
  const place = `${t("slice {number} of {of}", { number, of })} · ${scoreWords(slice.probabilities.any)}`;
  return names.size > 1 ? `${names.get(slice.seriesInstanceUid)} · ${place}` : place;
}

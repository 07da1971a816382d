import React from "react";
import type { SliceResult } from "../../../src/contract/result.ts";
import type { StudyResource } from "../../../src/contract/study.ts";
import { percent } from "../../../src/contract/words.ts";
import { overallFinding, sliceTone } from "../findings.ts";
import { useStore } from "../ui/use-store.ts";
import { currentSlice } from "../viewport/current-slice.ts";
import type { SliceNumbers } from "../viewport/slice-numbers.ts";
import type { ViewerActions } from "../viewport/viewer-actions.ts";

/** Drawing units; the chart is stretched to the width of the panel. */
const SLICE_WIDTH = 10;
const BAR_HEIGHT = 100;
/** A bar of no probability can still be seen and clicked. */
const MIN_BAR = 1.5;

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

interface SliceChartProps {
  study: StudyResource;
  numbers: SliceNumbers;
  actions: ViewerActions;
}

/** The map of the study: the probability of haemorrhage slice by slice, in the order in which the viewer scrolls. */
export function SliceChart({ study, numbers, actions }: SliceChartProps) {
  const sopInstanceUid = useStore(currentSlice)?.sopInstanceUid;
  const numberOf = (slice: SliceResult) => numbers.get(slice.sopInstanceUid) ?? 0;
  const slices = [...study.slices].sort((a, b) => numberOf(a) - numberOf(b));
  const current = slices.findIndex((slice) => slice.sopInstanceUid === sopInstanceUid);
  const show = (slice: SliceResult | undefined) => slice && actions.showSlice(study, slice.sopInstanceUid);
  const step = (event: React.KeyboardEvent) => {
    const by = STEPS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    show(slices[current + by]);
  };
  const pick = ({ currentTarget, clientX }: React.MouseEvent) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    show(slices[Math.floor(((clientX - left) / width) * slices.length)]);
  };
  const shown = slices[current];
  const caption = shown
    ? `slice ${numberOf(shown)} of ${numbers.size} · ${percent(shown.probabilities.any)}`
    : "another series is shown";
  return (
    <section className="vigil-card" data-cy="vigil-slices">
      <h3>Over the slices</h3>
      <div
        className="vigil-chart"
        role="slider"
        tabIndex={0}
        aria-label="Slice"
        aria-valuemin={1}
        aria-valuemax={slices.length}
        aria-valuenow={current + 1}
        aria-valuetext={caption}
        onKeyDown={step}
        onClick={pick}
      >
        <Bars study={study} slices={slices} current={current} />
        <div className="vigil-chart-place" aria-hidden="true">
          {shown && <span style={{ left: `${((current + 0.5) / slices.length) * 100}%` }}>▲</span>}
        </div>
      </div>
      <p className="vigil-chart-caption" data-cy="vigil-slice-caption">
        {caption}
      </p>
    </section>
  );
}

interface BarsProps {
  study: StudyResource;
  slices: SliceResult[];
  current: number;
}

function Bars({ study, slices, current }: BarsProps) {
  const width = slices.length * SLICE_WIDTH;
  const threshold = overallFinding(study)?.threshold;
  const thresholdY = BAR_HEIGHT * (1 - (threshold ?? 0));
  return (
    <svg viewBox={`0 0 ${width} ${BAR_HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {slices.map((slice, index) => (
        <g
          key={slice.sopInstanceUid}
          className={index === current ? "vigil-slice vigil-slice-current" : "vigil-slice"}
          data-cy={`vigil-slice-${index + 1}`}
          transform={`translate(${index * SLICE_WIDTH} 0)`}
        >
          <Bar probability={slice.probabilities.any} tone={sliceTone(study, slice.probabilities.any)} />
        </g>
      ))}
      {threshold !== undefined && (
        <line className="vigil-chart-threshold" x1={0} x2={width} y1={thresholdY} y2={thresholdY} />
      )}
    </svg>
  );
}

function Bar({ probability, tone }: { probability: number; tone: string }) {
  const height = Math.max(MIN_BAR, BAR_HEIGHT * probability);
  return (
    <>
      <title>{percent(probability)}</title>
      <rect className="vigil-slice-room" width={SLICE_WIDTH} height={BAR_HEIGHT} />
      <rect className={`vigil-bar-${tone}`} x={1} y={BAR_HEIGHT - height} width={SLICE_WIDTH - 2} height={height} />
    </>
  );
}

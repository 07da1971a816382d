import React from "react";
import type { SliceResult } from "../../../src/contract/result.ts";
import { sliceKey } from "../../../src/contract/slices.ts";
import type { StudyResource } from "../../../src/contract/study.ts";
import { scoreWords } from "../../../src/contract/words.ts";
import { overallFinding, sliceTone } from "../findings.ts";

/** Drawing units; the chart is stretched to the width of the panel. */
const SLICE_WIDTH = 10;
const BAR_HEIGHT = 100;
/** A bar of no probability can still be seen and clicked. */
const MIN_BAR = 1.5;

interface SliceBarsProps {
  study: StudyResource;
  slices: SliceResult[];
  /** Index of the slice on the screen, or -1. */
  current: number;
  /** Slices that the viewer does not have, by slice key. */
  unloaded: ReadonlySet<string>;
}

/** A bar for each slice, the threshold across them, and a line where another series begins. */
export function SliceBars({ study, slices, current, unloaded }: SliceBarsProps) {
  const width = slices.length * SLICE_WIDTH;
  const threshold = overallFinding(study)?.threshold;
  const thresholdY = BAR_HEIGHT * (1 - (threshold ?? 0));
  return (
    <svg viewBox={`0 0 ${width} ${BAR_HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {slices.map((slice, index) => (
        <g
          key={sliceKey(slice)}
          className={classOf(index === current, unloaded.has(sliceKey(slice)))}
          data-cy={`vigil-slice-${index + 1}`}
          transform={`translate(${index * SLICE_WIDTH} 0)`}
        >
          <Bar probability={slice.probabilities.any} tone={sliceTone(study, slice.probabilities.any)} />
          {startsSeries(slices, index) && <line className="vigil-chart-divider" y2={BAR_HEIGHT} />}
        </g>
      ))}
      {threshold !== undefined && (
        <line className="vigil-chart-threshold" x1={0} x2={width} y1={thresholdY} y2={thresholdY} />
      )}
    </svg>
  );
}

function classOf(isCurrent: boolean, isUnloaded: boolean): string {
  return `vigil-slice${isCurrent ? " vigil-slice-current" : ""}${isUnloaded ? " vigil-slice-unloaded" : ""}`;
}

function startsSeries(slices: SliceResult[], index: number): boolean {
  return index > 0 && slices[index]?.seriesInstanceUid !== slices[index - 1]?.seriesInstanceUid;
}

function Bar({ probability, tone }: { probability: number; tone: string }) {
  const height = Math.max(MIN_BAR, BAR_HEIGHT * probability);
  return (
    <>
      <title>{scoreWords(probability)}</title>
      <rect className="vigil-slice-room" width={SLICE_WIDTH} height={BAR_HEIGHT} />
      <rect className={`vigil-bar-${tone}`} x={1} y={BAR_HEIGHT - height} width={SLICE_WIDTH - 2} height={height} />
    </>
  );
}

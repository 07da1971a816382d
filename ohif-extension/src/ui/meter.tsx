import React from "react";
import { percent } from "../../../src/contract/words.ts";

interface MeterProps {
  probability: number;
  /** Where the tick stands; no tick when null. */
  threshold: number | null;
  tone: "critical" | "undetermined" | "negative";
}

/** A probability as a bar, with a tick where it starts to count. The number itself always stands beside it. */
export function Meter({ probability, threshold, tone }: MeterProps) {
  const title =
    threshold === null ? percent(probability) : `${percent(probability)}, counts from ${percent(threshold)}`;
  return (
    <span className="vigil-meter" aria-hidden="true" title={title}>
      <span className={`vigil-meter-bar vigil-meter-${tone}`} style={{ width: `${probability * 100}%` }} />
      {threshold !== null && <span className="vigil-meter-tick" style={{ left: `${threshold * 100}%` }} />}
    </span>
  );
}

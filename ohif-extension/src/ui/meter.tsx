import React from "react";

interface MeterProps {
  probability: number;
  /** Where the tick stands; no tick when null. */
  threshold: number | null;
  tone: "critical" | "undetermined" | "negative";
}

/** A score as a bar, with a tick where it starts to count. The number itself always stands beside it. */
export function Meter({ probability, threshold, tone }: MeterProps) {
  return (
    <span className="vigil-meter" aria-hidden="true">
      <span className={`vigil-meter-bar vigil-meter-${tone}`} style={{ width: `${probability * 100}%` }} />
      {threshold !== null && <span className="vigil-meter-tick" style={{ left: `${threshold * 100}%` }} />}
    </span>
  );
}

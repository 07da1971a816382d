import React from "react";
import { useStore } from "../ui/use-store.ts";
import { type TriageCounts, triage, triageCounts } from "./triage-state.ts";

const CONNECTION = {
  connecting: { symbol: "○", text: "connecting" },
  live: { symbol: "●", text: "live" },
  lost: { symbol: "⚠", text: "connection lost: results may be old" },
};

const COUNTED: { key: keyof TriageCounts; tone: string }[] = [
  { key: "critical", tone: "critical" },
  { key: "undetermined", tone: "undetermined" },
  { key: "failed", tone: "failed" },
  { key: "scoring", tone: "pending" },
];

/** The name, and what needs attention: in the head of the study list and of the viewer. */
export function Brand() {
  const counts = triageCounts(useStore(triage).items.values());
  return (
    <div className="vigil-brand" data-cy="vigil-brand">
      <span className="vigil-name">Vigil</span>
      {COUNTED.filter(({ key }) => counts[key] > 0).map(({ key, tone }) => (
        <span key={key} className={`vigil-chip vigil-chip-${tone}`} data-cy={`vigil-count-${key}`}>
          {counts[key]} {key}
        </span>
      ))}
    </div>
  );
}

/** Whether what the list shows is up to date, and what it must not be used for. */
export function LiveStatus() {
  const { connection, model } = useStore(triage);
  const { symbol, text } = CONNECTION[connection];
  return (
    <div className="vigil-live-status">
      <span className={`vigil-connection-${connection}`} role="status" data-cy="vigil-connection">
        <span aria-hidden="true">{symbol}</span> {text}
      </span>
      {model && (
        <span className="vigil-muted">
          {model.name} {model.version}
        </span>
      )}
      <span className="vigil-muted">Research use only</span>
    </div>
  );
}

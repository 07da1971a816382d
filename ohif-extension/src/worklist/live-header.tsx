import React from "react";
import { useStore } from "../ui/use-store.ts";
import { type TriageCounts, triageCounts } from "./study-groups.ts";
import { triage } from "./triage-state.ts";

const CONNECTION = {
  connecting: { symbol: "○", text: "connecting" },
  live: { symbol: "●", text: "live" },
  lost: { symbol: "⚠", text: "connection lost: results may be old" },
};

const COUNTED = ["critical", "undetermined"] as const satisfies (keyof TriageCounts)[];

/** The name, and what needs attention: in the head of the study list and of the viewer. */
export function Brand() {
  const counts = triageCounts(useStore(triage).items.values());
  return (
    <div className="vigil-brand" data-cy="vigil-brand">
      <span className="vigil-name">Vigil</span>
      {COUNTED.filter((tone) => counts[tone] > 0).map((tone) => (
        <span key={tone} className={`vigil-chip vigil-chip-${tone}`} data-cy={`vigil-count-${tone}`}>
          {counts[tone]} {tone}
        </span>
      ))}
    </div>
  );
}

/** The title of the page says how many critical studies nobody has read: a tab in the background shows it, too. */
export function countInTitle(): void {
  const name = "Vigil";
  const update = () => {
    const { critical } = triageCounts(triage.get().items.values());
    document.title = critical > 0 ? `▲ ${critical} critical · ${name}` : name;
  };
  triage.subscribe(update);
  update();
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

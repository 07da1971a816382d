import React from "react";
import { english, t } from "../../../src/contract/translate.ts";
import { language } from "../i18n/current-language.ts";
import { useLanguage } from "../i18n/use-language.ts";
import { useStore } from "../ui/use-store.ts";
import { type TriageCounts, triageCounts } from "./study-groups.ts";
import { triage } from "./triage-state.ts";

const CONNECTION = {
  connecting: { symbol: "○", text: english("connecting") },
  live: { symbol: "●", text: english("live") },
  lost: { symbol: "⚠", text: english("connection lost: results may be old") },
};

const COUNTED = {
  critical: english("{count} critical"),
  undetermined: english("{count} undetermined"),
} satisfies Partial<Record<keyof TriageCounts, string>>;

/** The name, and what needs attention: in the head of the study list and of the viewer. */
export function Brand() {
  useLanguage();
  const counts = triageCounts(useStore(triage).items.values());
  const shown = (Object.keys(COUNTED) as (keyof typeof COUNTED)[]).filter((tone) => counts[tone] > 0);
  return (
    <div className="vigil-brand" data-cy="vigil-brand">
      <span className="vigil-name">Vigil</span>
      {shown.map((tone) => (
        <span key={tone} className={`vigil-chip vigil-chip-${tone}`} data-cy={`vigil-count-${tone}`}>
          {t(COUNTED[tone], { count: counts[tone] })}
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
    document.title = critical > 0 ? `▲ ${t(COUNTED.critical, { count: critical })} · ${name}` : name;
  };
  triage.subscribe(update);
  language.subscribe(update);
  update();
}

/** Whether what the list shows is up to date, and what it must not be used for. */
export function LiveStatus() {
  useLanguage();
  const { connection, model } = useStore(triage);
  const { symbol, text } = CONNECTION[connection];
  return (
    <div className="vigil-live-status">
      <span className={`vigil-connection-${connection}`} role="status" data-cy="vigil-connection">
        <span aria-hidden="true">{symbol}</span> {t(text)}
      </span>
      {model && (
        <span className="vigil-muted">
          {model.name} {model.version}
        </span>
      )}
      <span className="vigil-muted">{t("Research use only")}</span>
    </div>
  );
}

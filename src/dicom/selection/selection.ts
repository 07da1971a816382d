import type { SeriesDecision } from "../../contract/series.ts";
import type { NotAnalysedReason } from "../../contract/study-state.ts";
import type { InstanceHeader } from "../source.ts";
import { type SeriesFacts, seriesFacts } from "./facts.ts";
import { EXCLUSION_RULES, RANKING_RULES, type SelectionSettings } from "./rules.ts";

export interface Selection {
  /** The series to read; null when none fits. */
  seriesInstanceUid: string | null;
  /** Why none fits; null when one does. */
  reason: NotAnalysedReason | null;
  /** One per series: the best first, the excluded ones last. */
  series: SeriesDecision[];
}

/** Every series that may be read starts with these points. */
const BASE_POINTS = 100;

/** Chooses the series of a study that the model reads, and says about each one why or why not. */
export function selectSeries(instances: InstanceHeader[], settings: SelectionSettings): Selection {
  const bySeries = Map.groupBy(instances, ({ seriesInstanceUid }) => seriesInstanceUid);
  const judged = [...bySeries.values()].map((headers) => judge(seriesFacts(headers), settings)).sort(byPreference);
  const best = judged.find(({ excludedBy }) => excludedBy === null);
  return {
    seriesInstanceUid: best?.facts.seriesInstanceUid ?? null,
    reason: best === undefined ? studyReason(judged) : null,
    series: judged.map((series) => decision(series, series === best)),
  };
}

interface JudgedSeries {
  facts: SeriesFacts;
  /** Index of the first exclusion rule that applies. */
  excludedBy: number | null;
  score: number;
  reasons: string[];
}

function judge(facts: SeriesFacts, settings: SelectionSettings): JudgedSeries {
  const exclusions = EXCLUSION_RULES.map((rule) => rule.applies(facts, settings));
  const excludedBy = exclusions.findIndex((why) => why !== undefined);
  // What else speaks against a series that is no CT image, or no axial one, helps nobody.
  if (excludedBy !== -1) return { facts, excludedBy, score: -1, reasons: [exclusions[excludedBy]!] };
  const merits = RANKING_RULES.map(({ points, applies }) => ({ points, why: applies(facts, settings) }))
    .filter(({ why }) => why !== undefined)
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points));
  return {
    facts,
    excludedBy: null,
    score: merits.reduce((sum, { points }) => sum + points, BASE_POINTS),
    reasons: merits.map(({ why }) => why!),
  };
}

/** Equal points: the series that shows more, then the earlier one, then the UID, so that the choice never changes. */
function byPreference(a: JudgedSeries, b: JudgedSeries): number {
  return (
    b.score - a.score ||
    (b.facts.coverageMm ?? 0) - (a.facts.coverageMm ?? 0) ||
    (a.facts.header.seriesNumber ?? 0) - (b.facts.header.seriesNumber ?? 0) ||
    a.facts.seriesInstanceUid.localeCompare(b.facts.seriesInstanceUid)
  );
}

function studyReason(judged: JudgedSeries[]): NotAnalysedReason {
  const furthest = Math.max(...judged.map(({ excludedBy }) => excludedBy ?? -1));
  return EXCLUSION_RULES[furthest]?.reason ?? "study-empty";
}

function decision({ facts, score, reasons }: JudgedSeries, chosen: boolean): SeriesDecision {
  const { header, instances, seriesInstanceUid } = facts;
  return {
    seriesInstanceUid,
    description: header.seriesDescription,
    modality: header.modality,
    instances,
    chosen,
    score,
    reasons,
  };
}

import type { NotAnalysedReason } from "../../contract/study-state.ts";
import type { SeriesFacts } from "./facts.ts";
import type { Exclusion, Merit, SelectionSettings } from "./rule.ts";
import { RULES } from "./rules.ts";

/** What the rules say of one series. */
export interface JudgedSeries {
  facts: SeriesFacts;
  /** Index of the first exclusion that applies; null when the series may be read. */
  excludedBy: number | null;
  /** A native head that is excluded for nothing but its slices or its kernel. */
  headLost: boolean;
  lastResort: boolean;
  /** Negative when excluded. */
  score: number;
  reasons: string[];
}

/** Every series that may be read starts with these points. */
const BASE_POINTS = 100;

const EXCLUSIONS = RULES.filter((rule): rule is Exclusion => "excludes" in rule);
const MERITS = RULES.filter((rule): rule is Merit => "points" in rule);

export function judge(facts: SeriesFacts, settings: SelectionSettings): JudgedSeries {
  const against = EXCLUSIONS.map(({ applies }) => applies(facts, settings));
  const excludedBy = against.findIndex((why) => why !== undefined);
  if (excludedBy !== -1) {
    const headLost = against.every((why, i) => why === undefined || EXCLUSIONS[i]!.losesHead === true);
    // What else speaks against a series that is no CT image, or no axial one, helps nobody.
    return { facts, excludedBy, headLost, lastResort: false, score: -1, reasons: [against[excludedBy]!] };
  }
  const merits = MERITS.map((merit) => ({ ...merit, why: merit.applies(facts, settings) }))
    .filter(({ why }) => why !== undefined)
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points));
  return {
    facts,
    excludedBy: null,
    headLost: false,
    lastResort: merits.some(({ lastResort }) => lastResort === true),
    score: merits.reduce((sum, { points }) => sum + points, BASE_POINTS),
    reasons: merits.map(({ why }) => why!),
  };
}

/** The reason of the series that came furthest. */
export function studyReason(judged: JudgedSeries[]): NotAnalysedReason {
  const furthest = Math.max(-1, ...judged.map(({ excludedBy }) => excludedBy ?? -1));
  return EXCLUSIONS[furthest]?.excludes ?? "study-empty";
}

/** A head and its scalp measure about this much along the axis. */
const USUAL_COVERAGE_MM = 160;

/**
 * Equal points: the excluded series that came further, the one that covers most nearly what a head measures, then the earlier one, then the UID, so that the
 * choice never changes.
 */
export function byPreference(a: JudgedSeries, b: JudgedSeries): number {
  const excess = ({ facts }: JudgedSeries) => Math.abs((facts.coverageMm ?? 0) - USUAL_COVERAGE_MM);
  return (
    b.score - a.score ||
    (b.excludedBy ?? 0) - (a.excludedBy ?? 0) ||
    excess(a) - excess(b) ||
    (a.facts.header.seriesNumber ?? 0) - (b.facts.header.seriesNumber ?? 0) ||
    (a.facts.seriesInstanceUid < b.facts.seriesInstanceUid ? -1 : 1)
  );
}

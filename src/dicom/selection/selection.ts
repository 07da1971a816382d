import type { SeriesDecision } from "../../contract/series.ts";
import type { NotAnalysedReason } from "../../contract/study-state.ts";
import type { Warning } from "../../contract/warning.ts";
import type { InstanceHeader } from "../source.ts";
import { type Head, headsOf } from "./acquisitions.ts";
import { seriesFacts } from "./facts.ts";
import { byPreference, type JudgedSeries, judge, studyReason } from "./judge.ts";
import type { SelectionSettings } from "./rules.ts";
import { unreadHeads } from "./unread.ts";

export interface Selection {
  /** The heads to read, in order of time; at most four. Empty when nothing fits. */
  acquisitions: HeadAcquisition[];
  /** Why nothing fits; null when something does. */
  reason: NotAnalysedReason | null;
  /** One per series: the best first, the excluded ones last; `chosen` is true for each that is to be read. */
  series: SeriesDecision[];
  /** Head CT that is left unread, with what was not seen. */
  warnings: Warning[];
}

/**
 * One head: usually one part; a head scanned in two parts (skull base thin, vault thick) has two that continue each
 * other and make one volume.
 */
export interface HeadAcquisition {
  parts: HeadPart[];
}

/**
 * Reconstructions of one acquisition are alternatives: best first. The next takes its place where the best turns out
 * unreadable.
 */
export interface HeadPart {
  seriesInstanceUids: string[];
}

const MAX_HEADS = 4;

/** Chooses the series of a study that the model reads, and says about each one why or why not. */
export function selectSeries(instances: InstanceHeader[], settings: SelectionSettings): Selection {
  const bySeries = Map.groupBy(instances, ({ seriesInstanceUid }) => seriesInstanceUid);
  const judged = [...bySeries.values()].map((headers) => judge(seriesFacts(headers), settings)).sort(byPreference);
  const all = headsOf(judged.filter(({ excludedBy }) => excludedBy === null));
  const good = all.filter((head) => head.flat().some(({ lastResort }) => !lastResort));
  const fit = good.length > 0 ? good : all;
  const best = fit.toSorted((a, b) => byPreference(a[0]![0]!, b[0]![0]!)).slice(0, MAX_HEADS);
  const heads = fit.filter((head) => best.includes(head));
  const beyond = all.filter((head) => !heads.includes(head));
  const chosen = new Set(heads.flatMap((head) => head.map(([first]) => first!)));
  const order = (series: JudgedSeries) => (chosen.has(series) ? 0 : series.excludedBy === null ? 1 : 2);
  return {
    acquisitions: heads.map((head) => ({
      parts: head.map((scan) => ({ seriesInstanceUids: scan.map(({ facts }) => facts.seriesInstanceUid) })),
    })),
    reason: heads.length === 0 ? studyReason(judged) : null,
    series: judged
      .toSorted((a, b) => order(a) - order(b) || byPreference(a, b))
      .map((series) => decision(series, chosen.has(series), placeOf(series, heads))),
    warnings: heads.length === 0 ? [] : unreadHeads(judged, heads, beyond),
  };
}

function decision({ facts, score, reasons }: JudgedSeries, chosen: boolean, place: string[]): SeriesDecision {
  const { header, instances, seriesInstanceUid } = facts;
  return {
    seriesInstanceUid,
    description: header.seriesDescription,
    modality: header.modality,
    instances,
    chosen,
    score,
    reasons: [...place, ...reasons],
  };
}

/** Where a readable series stands among the others of its study. */
function placeOf(series: JudgedSeries, heads: Head[]): string[] {
  if (series.excludedBy !== null) return [];
  const head = heads.find((parts) => parts.some((scan) => scan.includes(series)));
  if (head === undefined) {
    const why = series.lastResort ? "the study has a better head" : `the study has more than ${MAX_HEADS} heads`;
    return [`not read: ${why}`];
  }
  const scan = head.find((it) => it.includes(series))!;
  if (scan[0] !== series) return [`another reconstruction is preferred: ${nameOf(scan[0]!)}`];
  const place = [];
  if (heads.length > 1) place.push(`head ${heads.indexOf(head) + 1} of ${heads.length}`);
  if (head.length > 1) place.push(`part ${head.indexOf(scan) + 1} of ${head.length} of one head`);
  return place;
}

function nameOf({ facts: { header } }: JudgedSeries): string {
  const number = header.seriesNumber === null ? "" : ` ${header.seriesNumber}`;
  return header.seriesDescription === "" ? `series${number}` : `series${number} "${header.seriesDescription}"`;
}

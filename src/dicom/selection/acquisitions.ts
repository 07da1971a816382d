import { byPreference, type JudgedSeries } from "./judge.ts";
import { continues, MAX_HEAD_MM, mayBeSameScan, overlaps, sameScan } from "./scan.ts";

/** Reconstructions of one scan of one part of the head, best first. */
export type Scan = JudgedSeries[];
/** The scans whose parts continue each other: usually one; the lowest part first. */
export type Head = Scan[];

/** A part that ends this far below its alternatives lacks something at the vertex. */
const VERTEX_TOLERANCE_MM = 15;
/** Below, the face and the neck may be left out, but not of a series shorter than this (a child's is 30 mm shorter). */
const BRAIN_MM = 130;

/** @param readable best first */
export function headsOf(readable: JudgedSeries[]): Head[] {
  return joinParts(scansOf(readable).map(fullestFirst)).sort((a, b) => byTime(a[0]![0]!, b[0]![0]!));
}

/**
 * A series joins the scan whose best series it overlaps, if it contradicts none of its series: one that knows no time
 * must not make one scan of two.
 */
function scansOf(readable: JudgedSeries[]): Scan[] {
  const scans: Scan[] = [];
  for (const series of readable) {
    const scan = scans.find(
      (members) =>
        overlaps(members[0]!.facts.scan, series.facts.scan) &&
        members.every(({ facts }) => mayBeSameScan(facts.scan, series.facts.scan)),
    );
    if (scan === undefined) scans.push([series]);
    else scan.push(series);
  }
  return scans;
}

/** However good its slices, a reconstruction of half the head comes after one of the whole. */
function fullestFirst(scan: Scan): Scan {
  const heads = scan.filter(({ facts }) => (facts.coverageMm ?? 0) < MAX_HEAD_MM);
  const extent = heads.length > 0 ? heads : scan;
  const top = Math.max(...extent.map(({ facts }) => facts.scan.zMm!.to));
  const bottom = Math.min(...extent.map(({ facts }) => facts.scan.zMm!.from));
  const isFull = ({ facts: { scan: own, wholeHeadMm, coverageMm } }: JudgedSeries) =>
    own.zMm!.to >= top - VERTEX_TOLERANCE_MM &&
    (own.zMm!.from <= bottom + VERTEX_TOLERANCE_MM || (coverageMm ?? 0) >= BRAIN_MM - (120 - wholeHeadMm));
  return [...scan.filter(isFull), ...scan.filter((series) => !isFull(series))];
}

function joinParts(scans: Scan[]): Head[] {
  const heads: Head[] = [];
  for (const scan of scans.toSorted((a, b) => byTime(a[0]!, b[0]!))) {
    const facts = scan[0]!.facts;
    // The latest head that lacks a part: after a repeat, the first one has its parts already.
    const head = heads.findLast(
      (parts) => parts.some(([best]) => continues(best!.facts.scan, facts.scan)) && !parts.some(coincides(scan)),
    );
    if (head === undefined) heads.push([scan]);
    else head.push(scan);
  }
  return heads.map((parts) => parts.sort((a, b) => a[0]!.facts.scan.zMm!.from - b[0]!.facts.scan.zMm!.from));
}

const coincides = (scan: Scan) => (part: Scan) => overlaps(part[0]!.facts.scan, scan[0]!.facts.scan);

/** Those that know no time last. */
function byTime(a: JudgedSeries, b: JudgedSeries): number {
  const time = ({ facts }: JudgedSeries) => facts.scan.timeS?.from ?? Number.MAX_SAFE_INTEGER;
  const number = ({ facts }: JudgedSeries) => Math.min(...facts.scan.acquisitionNumbers, Number.MAX_SAFE_INTEGER);
  const series = ({ facts }: JudgedSeries) => facts.header.seriesNumber ?? 0;
  return time(a) - time(b) || number(a) - number(b) || series(a) - series(b) || byPreference(a, b);
}

/** Excluded series of scans of which nothing is read; one for each scan. */
export function lostScans(lost: JudgedSeries[], read: JudgedSeries[]): JudgedSeries[] {
  const seen = [...read];
  return lost.filter((series) => {
    const { scan } = series.facts;
    const known = seen.some(({ facts }) => sameScan(facts.scan, scan));
    if (!known) seen.push(series);
    return !known;
  });
}

import type { PlacedSlice } from "./placed-slice.ts";
import { SAME_PLACE_MM } from "./spacing.ts";

/**
 * Which slices were taken together. A scanner repeats a head after motion, or hours later, into the same series; the
 * two must never be shuffled into one stack. Rotations of one scan have numbers and times of their own as well, so
 * that these alone divide nothing: only what lies where other slices lie already is another acquisition.
 */

/** Parts of one head that continue each other may overlap by this share of their slices. */
const MAX_OVERLAP = 0.25;

/** The slices of one frame of reference, in any order, as one list per acquisition of the head; earliest first. */
export function acquisitionsOf(slices: PlacedSlice[]): PlacedSlice[][] {
  const byNumber = divided(slices, ({ header: { seriesInstanceUid, acquisitionNumber } }) =>
    acquisitionNumber === null ? null : `${seriesInstanceUid}/${acquisitionNumber}`,
  );
  return byNumber.flatMap((part) => divided(part, ({ header }) => header.acquisitionDateTime || null));
}

/** Groups are taken in the order of time: one that lies where the last acquisition lies already starts a new one. */
function divided(slices: PlacedSlice[], keyOf: (slice: PlacedSlice) => string | null): PlacedSlice[][] {
  if (slices.some((slice) => keyOf(slice) === null)) return [slices];
  const groups = [...Map.groupBy(slices, keyOf).values()].sort((a, b) => byTime(earliest(a), earliest(b)));
  const parts: PlacedSlice[][] = [];
  for (const group of groups) {
    const last = parts.at(-1);
    if (last === undefined || Math.max(shareWithin(group, last), shareWithin(last, group)) > MAX_OVERLAP) {
      parts.push([...group]);
    } else last.push(...group);
  }
  return areRepeats(parts, groups.length) ? parts : [slices];
}

/**
 * Whether each part shows what another one shows: at the same places, or throughout each other. Numbers and times that
 * come and go along one stack make parts that do neither.
 */
function areRepeats(parts: PlacedSlice[][], groups: number): boolean {
  const decide = groups <= 2 * parts.length ? Math.max : Math.min;
  const repeats = (a: PlacedSlice[], b: PlacedSlice[]) =>
    sharedPlaces(a, b) > 0.5 || decide(shareWithin(a, b), shareWithin(b, a)) > 0.5;
  return parts.slice(1).every((part) => parts.some((other) => other !== part && repeats(part, other)));
}

/** As a share of the places of the smaller part. */
function sharedPlaces(a: PlacedSlice[], b: PlacedSlice[]): number {
  const [placesA, placesB, all] = [a, b, [...a, ...b]].map((slices) => placesOf(slices).length) as [
    number,
    number,
    number,
  ];
  return (placesA + placesB - all) / Math.min(placesA, placesB);
}

/** The share of slices that lie within the extent of the others. */
function shareWithin(slices: PlacedSlice[], others: PlacedSlice[]): number {
  const positions = others.map(({ positionMm }) => positionMm);
  const [low, high] = [Math.min(...positions) - SAME_PLACE_MM, Math.max(...positions) + SAME_PLACE_MM];
  return slices.filter(({ positionMm }) => positionMm >= low && positionMm <= high).length / slices.length;
}

/** Slices at the same place lie in one list; lowest first. */
export function placesOf(slices: PlacedSlice[]): PlacedSlice[][] {
  const places: PlacedSlice[][] = [];
  for (const slice of slices.toSorted((a, b) => a.positionMm - b.positionMm)) {
    const last = places.at(-1);
    if (last !== undefined && slice.positionMm - last[0]!.positionMm <= SAME_PLACE_MM) last.push(slice);
    else places.push([slice]);
  }
  return places;
}

export function earliest(slices: PlacedSlice[]): PlacedSlice {
  return slices.reduce((first, slice) => (byTime(slice, first) < 0 ? slice : first));
}

/** By when they were taken, as far as the headers say. */
export function byTime({ header: a }: PlacedSlice, { header: b }: PlacedSlice): number {
  return (
    compared(a.acquisitionDateTime, b.acquisitionDateTime) ||
    (a.seriesNumber ?? 0) - (b.seriesNumber ?? 0) ||
    (a.acquisitionNumber ?? 0) - (b.acquisitionNumber ?? 0) ||
    (a.instanceNumber ?? 0) - (b.instanceNumber ?? 0) ||
    (a.frameNumber ?? 0) - (b.frameNumber ?? 0) ||
    compared(a.sopInstanceUid, b.sopInstanceUid)
  );
}

function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

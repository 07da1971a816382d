import { type Warning, warning } from "../contract/warning.ts";
import { byTime, placesOf } from "./acquisitions.ts";
import { fieldOfViewMm, type PlacedSlice } from "./placed-slice.ts";

export interface Stack {
  /** One at each place, lowest first. */
  slices: PlacedSlice[];
  warnings: Warning[];
}

/** A field of view this much smaller than another's is a detail. */
const DETAIL_SHARE = 0.9;
/** More places than this share of all with images that differ are no accident, but a second view of the head. */
const MAX_SHARE_REPEATED = 0.25;

/** Of images at the same place the later one is read, unless it shows a detail only. */
export function oneAtEachPlace(all: PlacedSlice[]): Stack {
  const places = placesOf(all);
  const slices = places.map((place) => place.reduce(better));
  const repeated = all.length - slices.length;
  if (repeated === 0) return { slices, warnings: [] };
  const different = places.filter((place) => place.some((slice) => !sameImage(slice, place[0]!))).length;
  const unseen =
    different > MAX_SHARE_REPEATED * places.length ? `${repeated} images at the same places not read` : null;
  const message = `${repeated} of ${all.length} slices lie where another one lies; the later one was read.`;
  return { slices, warnings: [warning("duplicate-slices", message, unseen)] };
}

function better(a: PlacedSlice, b: PlacedSlice): PlacedSlice {
  const [fieldA, fieldB] = [fieldOfViewMm(a), fieldOfViewMm(b)];
  if (fieldB < DETAIL_SHARE * fieldA) return a;
  if (fieldA < DETAIL_SHARE * fieldB) return b;
  return byTime(a, b) < 0 ? b : a;
}

function sameImage({ hu: a }: PlacedSlice, { hu: b }: PlacedSlice): boolean {
  return a.length > 0 && a.length === b.length && a.every((value, i) => value === b[i]);
}

import { type Warning, warning } from "../contract/warning.ts";
import { byTime, placesOf } from "./acquisitions.ts";
import { fieldOfViewMm, type PlacedSlice } from "./placed-slice.ts";

export interface Stack {
  /** One at each place, lowest first. */
  slices: PlacedSlice[];
  /** Other images of places that are taken: one at each place in a list, lowest first. */
  repeats: PlacedSlice[][];
  warnings: Warning[];
}

/** A field of view this much smaller than another's is a detail. */
const DETAIL_SHARE = 0.9;
/** More places than this share of all with details that differ are no accident, but a second view of the head. */
const MAX_SHARE_DETAILS = 0.25;

/**
 * Of images at the same place the later one belongs to the stack, unless it shows a detail only. What differs from it
 * is a stack of its own: either may show the bleed. Copies and details are left out.
 */
export function oneAtEachPlace(all: PlacedSlice[]): Stack {
  const places = placesOf(all);
  const ranked = places.map((place) => rankedImages(place));
  const slices = ranked.map(([best]) => best!);
  const details = places.filter((place, i) => place.some((slice) => isDetail(slice, slices[i]!))).length;
  const repeats = layersOf(ranked.map(([, ...others]) => others));
  const left = all.length - slices.length;
  if (left === 0) return { slices, repeats, warnings: [] };
  const read = repeats.flat().length;
  const unseen =
    details > MAX_SHARE_DETAILS * places.length ? `${left - read} images at the same places not read` : null;
  const also = read === 0 ? "one of each place was read" : `${read} of them show something else and were read as well`;
  const message = `${left} of ${all.length} slices lie where another one lies; ${also}.`;
  return { slices, repeats, warnings: [warning("duplicate-slices", message, unseen)] };
}

/** The best image of a place, then those that show something else of it, the later before the earlier. */
function rankedImages(place: PlacedSlice[]): PlacedSlice[] {
  const best = place.reduce(better);
  const ranked = [best];
  for (const slice of place.toSorted((a, b) => byTime(b, a))) {
    if (!isDetail(slice, best) && !ranked.some((known) => sameImage(slice, known))) ranked.push(slice);
  }
  return ranked;
}

function layersOf(places: PlacedSlice[][]): PlacedSlice[][] {
  const most = Math.max(0, ...places.map(({ length }) => length));
  return Array.from({ length: most }, (_, layer) => places.flatMap((place) => place[layer] ?? []));
}

function better(a: PlacedSlice, b: PlacedSlice): PlacedSlice {
  if (isDetail(b, a)) return a;
  if (isDetail(a, b)) return b;
  return byTime(a, b) < 0 ? b : a;
}

function isDetail(slice: PlacedSlice, other: PlacedSlice): boolean {
  return fieldOfViewMm(slice) < DETAIL_SHARE * fieldOfViewMm(other);
}

function sameImage(one: PlacedSlice, other: PlacedSlice): boolean {
  const [a, b] = [one.hu, other.hu];
  return one === other || (a.length > 0 && a.length === b.length && a.every((value, i) => value === b[i]));
}

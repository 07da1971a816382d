import { dot, isAxial, median, type Orientation, sliceNormal, type Vector } from "../geometry.ts";
import type { InstanceHeader } from "../source.ts";
import { SAME_PLACE_MM } from "../spacing.ts";
import { namesLocalizer } from "./words.ts";

/** "unknown": without position or orientation. */
export type Plane = "axial" | "other" | "unknown";

/** The images of a series that belong together. A stray object (a screen save, a page, a localizer) is none of them. */
export interface Stack {
  plane: Plane;
  images: InstanceHeader[];
  /** Different places, along the normal. */
  places: number;
  /** Slice Thickness, else the distance between the slices. */
  thicknessMm: number | null;
  coverageMm: number | null;
  /** The longest step that leaves out at least one slice; null where none does. */
  gapMm: number | null;
}

/** A step this much longer than those beside it leaves out a slice. */
const GAP_FACTOR = 1.6;
/** Slices beyond such a step belong to something else. */
const APART_MM = 40;

/** Of the largest group of like images. */
export function stackOf(headers: InstanceHeader[]): Stack {
  const group = largestGroup(headers);
  const plane = planeOf(group[0]!);
  const images = plane === "unknown" ? group : longestRun(group);
  const places = plane === "unknown" ? [] : distinctPositions(images);
  const steps = places.slice(1).map((position, i) => position - places[i]!);
  const spacingMm = steps.length > 0 ? Number(median(steps).toFixed(2)) : null;
  const stated = images.flatMap(({ sliceThicknessMm: mm }) => (mm !== null && mm > 0 ? mm : []));
  const thicknessMm = stated.length > 0 ? median(stated) : spacingMm;
  const gaps = steps.filter((step, i) => {
    const beside = Math.max(steps[i - 1] ?? 0, steps[i + 1] ?? 0, stated.length > 0 ? thicknessMm! : 0);
    return beside > 0 && step > GAP_FACTOR * beside;
  });
  return {
    plane,
    images,
    places: places.length,
    thicknessMm,
    coverageMm: places.length > 1 ? places.at(-1)! - places[0]! + (thicknessMm ?? 0) : null,
    gapMm: gaps.length > 0 ? Math.max(...gaps) : null,
  };
}

export function planeOf({ imagePositionMm, imageOrientation }: InstanceHeader): Plane {
  if (imagePositionMm === null || imageOrientation === null) return "unknown";
  return isAxial(imageOrientation) ? "axial" : "other";
}

/** Images of one class and plane, with localizers apart. */
function largestGroup(headers: InstanceHeader[]): InstanceHeader[] {
  const groups = Map.groupBy(headers, (it) =>
    [it.modality, it.sopClassUid, planeOf(it), it.imageType.some(namesLocalizer)].join(),
  );
  const axialFirst = [...groups.values()].sort((a) => (planeOf(a[0]!) === "axial" ? -1 : 1));
  return axialFirst.sort((a, b) => b.length - a.length)[0]!;
}

function longestRun(group: InstanceHeader[]): InstanceHeader[] {
  const positions = positionsOf(group);
  const order = group.map((image, i) => ({ image, mm: positions[i]! })).sort((a, b) => a.mm - b.mm);
  const runs: InstanceHeader[][] = [[]];
  for (const [i, { image, mm }] of order.entries()) {
    if (i > 0 && mm - order[i - 1]!.mm > APART_MM) runs.push([]);
    runs.at(-1)!.push(image);
  }
  return runs.sort((a, b) => b.length - a.length)[0]!;
}

function distinctPositions(images: InstanceHeader[]): number[] {
  const sorted = positionsOf(images).sort((a, b) => a - b);
  return sorted.filter((mm, i) => i === 0 || mm - sorted[i - 1]! > SAME_PLACE_MM);
}

function positionsOf(images: InstanceHeader[]): number[] {
  const normal = sliceNormal(images[0]!.imageOrientation as Orientation);
  return images.map(({ imagePositionMm }) => dot(imagePositionMm as Vector, normal));
}

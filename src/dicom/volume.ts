import { type Warning, warning } from "../contract/warning.ts";
import { VigilError } from "../errors.ts";
import { angleDeg, dot, isAxial, type Orientation, sliceNormal, type Vector } from "./geometry.ts";
import type { CtSlice } from "./slice.ts";
import { SAME_PLACE_MM, spacingWarnings, tiltWarnings } from "./spacing.ts";

/** The slices of one axial CT series in anatomical order, all of one size. */
export interface CtVolume {
  studyInstanceUid: string;
  seriesInstanceUid: string;
  sopClassUid: string;
  frameOfReferenceUid: string;
  rows: number;
  columns: number;
  /** [between rows, between columns] */
  pixelSpacingMm: [number, number];
  /** null when the images do not say */
  sliceThicknessMm: number | null;
  orientation: Orientation;
  /** Lowest (nearest the feet) first. */
  slices: PlacedSlice[];
  /** What is unusual about the geometry, in a radiologist's words. */
  warnings: Warning[];
}

export interface PlacedSlice extends CtSlice {
  /** Along the slice normal, growing towards the head. */
  positionMm: number;
}

interface Geometry {
  position: Vector;
  orientation: Orientation;
  pixelSpacingMm: [number, number];
}

/** A series of which more than this share would have to be left out is refused as a whole. */
const MAX_SHARE_LEFT_OUT = 0.25;
/** Planes further apart are different reconstructions; between the two the slices are used, and it is said. */
const PARALLEL_DEG = 1;
const MAX_BETWEEN_PLANES_DEG = 30;

/**
 * Puts slices in order by their position along the normal (not by Instance Number) and checks their geometry.
 * @throws VigilError series-unusable
 */
export function buildVolume(slices: CtSlice[], { minSlices }: { minSlices: number }): CtVolume {
  const warnings: Warning[] = [];
  const axial = slices.filter((slice) => isAxial(geometryOf(slice).orientation));
  leaveOut(slices, axial, "not-axial", "are not axial", warnings);
  const sameSize = leaveOut(axial, largestGroup(axial), "mixed-size", "have another size or pixel spacing", warnings);
  const first = sameSize[0];
  if (first === undefined) throw unusable("it has no slices");
  const { orientation, pixelSpacingMm } = geometryOf(first);
  const normal = sliceNormal(orientation);
  checkParallel(sameSize, normal, warnings);

  const placed = sameSize
    .map((slice): PlacedSlice => ({ ...slice, positionMm: roundedMm(dot(geometryOf(slice).position, normal)) }))
    .sort((a, b) => a.positionMm - b.positionMm || instanceNumber(a) - instanceNumber(b));
  const unique = placed.filter((slice, i) => i === 0 || slice.positionMm - placed[i - 1]!.positionMm > SAME_PLACE_MM);
  leaveOut(placed, unique, "duplicate-slices", "lie where another one lies already", warnings);
  if (unique.length < minSlices) {
    throw unusable(`only ${unique.length} slices lie at different places, ${minSlices} are needed`);
  }

  const { header, rows, columns } = first;
  const layers = unique.map((slice) => ({
    positionMm: slice.positionMm,
    thicknessMm: slice.header.sliceThicknessMm,
  }));
  const corners = unique.map((slice) => geometryOf(slice).position);
  return {
    studyInstanceUid: header.study.studyInstanceUid,
    seriesInstanceUid: header.seriesInstanceUid,
    sopClassUid: header.sopClassUid,
    frameOfReferenceUid: header.frameOfReferenceUid,
    rows,
    columns,
    pixelSpacingMm,
    sliceThicknessMm: header.sliceThicknessMm,
    orientation,
    slices: unique,
    warnings: [...warnings, ...spacingWarnings(layers), ...tiltWarnings(corners, normal)],
  };
}

function unusable(why: string): VigilError {
  return new VigilError("series-unusable", `the series cannot be read as a volume: ${why}`);
}

/** @throws VigilError series-unusable */
function geometryOf({ header, file }: CtSlice): Geometry {
  const { imagePositionMm: position, imageOrientation: orientation, pixelSpacingMm } = header;
  if (position === null || orientation === null || pixelSpacingMm === null) {
    const missing = position === null ? "position" : orientation === null ? "orientation" : "pixel spacing";
    throw unusable(`${file ?? `instance ${header.sopInstanceUid}`} has no ${missing}`);
  }
  return { position, orientation, pixelSpacingMm };
}

/** The slices that share the most common size and pixel spacing. */
function largestGroup(slices: CtSlice[]): CtSlice[] {
  const groups = Map.groupBy(slices, (slice) =>
    [slice.rows, slice.columns, ...geometryOf(slice).pixelSpacingMm.map((mm) => mm.toFixed(3))].join(),
  );
  return [...groups.values()].reduce((best, group) => (group.length > best.length ? group : best), []);
}

/** Says how many slices are left out, or refuses the series when they are too many. */
function leaveOut<T>(all: T[], kept: T[], code: string, what: string, warnings: Warning[]): T[] {
  const count = all.length - kept.length;
  if (count > all.length * MAX_SHARE_LEFT_OUT) throw unusable(`${count} of ${all.length} slices ${what}`);
  if (count > 0) warnings.push(warning(code, `${count} of ${all.length} slices ${what} and were not read.`));
  return kept;
}

function checkParallel(slices: CtSlice[], normal: Vector, warnings: Warning[]): void {
  const angles = slices.map((slice) => angleDeg(normal, sliceNormal(geometryOf(slice).orientation)));
  const largest = Math.max(...angles);
  if (largest > MAX_BETWEEN_PLANES_DEG) throw unusable(`its slices lie in different planes (${largest.toFixed(0)}°)`);
  if (largest <= PARALLEL_DEG) return;
  warnings.push(
    warning("mixed-orientation", `The slices are not parallel: their planes differ by up to ${largest.toFixed(1)}°.`),
  );
}

function instanceNumber({ header }: CtSlice): number {
  return header.instanceNumber ?? 0;
}

function roundedMm(mm: number): number {
  return Math.round(mm * 1000) / 1000;
}

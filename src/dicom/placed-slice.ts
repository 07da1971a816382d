import {
  columnDirection,
  dot,
  isAxial,
  normalised,
  type Orientation,
  plus,
  rowDirection,
  type Vector,
} from "./geometry.ts";
import type { CtSlice } from "./slice.ts";
import { SOP_CLASS } from "./uids.ts";

/** A slice whose place in the patient is known. */
export interface PlacedSlice extends CtSlice {
  /** Along the normal of the volume, growing towards the head. */
  positionMm: number;
  /** [between rows, between columns] */
  pixelSpacingMm: [number, number];
  /** Of length 1 and at right angles. */
  orientation: Orientation;
  /** Centre of the first pixel. */
  cornerMm: Vector;
  /** Between the outermost pixels: what orders slices, since corners of planes that are not parallel do not. */
  centreMm: Vector;
}

/** What no scanner makes: a spacing of 0, a head on the moon. */
const PIXEL_SPACING_MM = [0.02, 20] as const;
const FARTHEST_MM = 10_000;
const THICKEST_MM = 30;

/** The slice with its geometry and without a position along a stack yet, or what is wrong with it. */
export function placed(slice: CtSlice): PlacedSlice | string {
  const { imagePositionMm: cornerMm, imageOrientation, pixelSpacingMm, imageType, sopClassUid } = slice.header;
  if (sopClassUid === SOP_CLASS.secondaryCapture) return "is a screen capture";
  // PS3.3 C.8.2.1.1.1
  if (imageType.includes("LOCALIZER")) return "is a localizer";
  if (cornerMm === null) return "has no position";
  if (imageOrientation === null) return "has no orientation";
  if (pixelSpacingMm === null) return "has no pixel spacing";
  if (!cornerMm.every((mm) => Math.abs(mm) <= FARTHEST_MM)) return "has an impossible position";
  const [smallest, largest] = PIXEL_SPACING_MM;
  if (pixelSpacingMm.some((mm) => !(mm >= smallest && mm <= largest))) return "has an impossible pixel spacing";
  const orientation = normalised(imageOrientation);
  if (orientation === null) return "has an impossible orientation";
  if (!isAxial(orientation)) return "is not axial";
  const alongRow = ((slice.columns - 1) / 2) * pixelSpacingMm[1];
  const alongColumn = ((slice.rows - 1) / 2) * pixelSpacingMm[0];
  const centreMm = plus(plus(cornerMm, alongRow, rowDirection(orientation)), alongColumn, columnDirection(orientation));
  return { ...slice, positionMm: 0, pixelSpacingMm, orientation, cornerMm, centreMm };
}

export function atPosition(slice: PlacedSlice, normal: Vector): PlacedSlice {
  return { ...slice, positionMm: Math.round(dot(slice.centreMm, normal) * 1000) / 1000 };
}

/** null when the image does not say, or says what cannot be. */
export function thicknessMm({ header: { sliceThicknessMm: mm } }: CtSlice): number | null {
  return mm !== null && mm > 0 && mm <= THICKEST_MM ? mm : null;
}

/** The shorter side of the image. */
export function fieldOfViewMm({ rows, columns, pixelSpacingMm }: PlacedSlice): number {
  return Math.min(rows * pixelSpacingMm[0], columns * pixelSpacingMm[1]);
}

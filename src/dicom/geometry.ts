import type { InstanceHeader } from "./source.ts";

/** Vectors in the patient's coordinates: x to the left, y to the back, z to the head, in mm (PS3.3 C.7.6.2.1.1). */
export type Vector = [number, number, number];

export type Orientation = NonNullable<InstanceHeader["imageOrientation"]>;

export function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function subtract(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

/** The unit normal of the image plane, towards the head where the plane is axial. */
export function sliceNormal(orientation: Orientation): Vector {
  const [rx, ry, rz, cx, cy, cz] = orientation;
  const cross: Vector = [ry * cz - rz * cy, rz * cx - rx * cz, rx * cy - ry * cx];
  const length = Math.hypot(...cross) || 1;
  const sign = cross[2] < 0 ? -1 : 1;
  return cross.map((component) => (sign * component) / length) as Vector;
}

/** Angle between two lines, 0 to 90 degrees. */
export function angleDeg(a: Vector, b: Vector): number {
  const cosine = Math.abs(dot(a, b)) / (Math.hypot(...a) * Math.hypot(...b) || 1);
  return (Math.acos(Math.min(1, cosine)) * 180) / Math.PI;
}

/** Gantries tilt by up to 30 degrees, and a lying head leans a little further. */
const MAX_AXIAL_TILT_DEG = 40;

/** Whether the plane is axial and its rows run from side to side: decided by the geometry, not by any name. */
export function isAxial(orientation: Orientation): boolean {
  const row: Vector = [orientation[0], orientation[1], orientation[2]];
  return angleDeg(sliceNormal(orientation), [0, 0, 1]) <= MAX_AXIAL_TILT_DEG && angleDeg(row, [1, 0, 0]) <= 45;
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

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

/** a + factor * b */
export function plus(a: Vector, factor: number, b: Vector): Vector {
  return [a[0] + factor * b[0], a[1] + factor * b[1], a[2] + factor * b[2]];
}

export function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function unit(vector: Vector): Vector {
  const length = Math.hypot(...vector) || 1;
  return [vector[0] / length, vector[1] / length, vector[2] / length];
}

export function rowDirection([x, y, z]: Orientation): Vector {
  return [x, y, z];
}

export function columnDirection([, , , x, y, z]: Orientation): Vector {
  return [x, y, z];
}

/** The unit normal of the image plane, towards the head where the plane is axial. */
export function sliceNormal(orientation: Orientation): Vector {
  const normal = unit(cross(rowDirection(orientation), columnDirection(orientation)));
  return normal[2] < 0 ? [-normal[0], -normal[1], -normal[2]] : normal;
}

/** Rounded cosines are a little off a right angle; further off they are no directions of an image. */
const MAX_COSINE_BETWEEN_AXES = 0.02;

/** Direction cosines of length 1; null when the two directions are none, or not at a right angle. */
export function normalised(orientation: Orientation): Orientation | null {
  const [row, column] = [rowDirection(orientation), columnDirection(orientation)];
  if ([row, column].some((direction) => !(Math.hypot(...direction) > 1e-3 && Math.hypot(...direction) < 1e3)))
    return null;
  const [r, c] = [unit(row), unit(column)];
  return Math.abs(dot(r, c)) > MAX_COSINE_BETWEEN_AXES ? null : [...r, ...c];
}

/** Angle between two lines, 0 to 90 degrees. */
export function angleDeg(a: Vector, b: Vector): number {
  const cosine = Math.abs(dot(a, b)) / (Math.hypot(...a) * Math.hypot(...b) || 1);
  return (Math.acos(Math.min(1, cosine)) * 180) / Math.PI;
}

/** Gantries tilt by up to 30 degrees, and a lying head leans a little further. */
const MAX_AXIAL_TILT_DEG = 40;

/** Whether the plane is axial, however it is turned within itself: decided by the geometry, not by any name. */
export function isAxial(orientation: Orientation): boolean {
  return angleDeg(sliceNormal(orientation), [0, 0, 1]) <= MAX_AXIAL_TILT_DEG;
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

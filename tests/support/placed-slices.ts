import assert from "node:assert/strict";
import type { CtSlice } from "../../src/dicom/slice.ts";
import type { InstanceHeader } from "../../src/dicom/source.ts";
import { buildVolumes, type CtVolume } from "../../src/dicom/volume.ts";
import { evenSlices } from "./volumes.ts";

/** 24 slices of 5 mm, each of one HU value, its number; the field of view holds a head. */
export const SLICES = evenSlices(
  Array.from({ length: 24 }, (_, z) => z),
  { size: 24, pixelSpacingMm: 8 },
);

export function withHeaders(change: (header: InstanceHeader, z: number) => Partial<InstanceHeader>): CtSlice[] {
  return SLICES.map((slice, z) => ({ ...slice, header: { ...slice.header, ...change(slice.header, z) } }));
}

/** The same at other heights. */
export function at(heightMm: (z: number) => number, change: (z: number) => Partial<InstanceHeader> = () => ({})) {
  return withHeaders(({ imagePositionMm }, z) => {
    const [x, y] = imagePositionMm!;
    return { imagePositionMm: [x, y, heightMm(z)], ...change(z) };
  });
}

export function build(slices: CtSlice[]): CtVolume[] {
  return buildVolumes(slices, { minSlices: 8 });
}

export function onlyOf(slices: CtSlice[]): CtVolume {
  const [volume, ...others] = build(slices);
  assert.equal(others.length, 0);
  return volume!;
}

export function codes(slices: CtSlice[]): string[] {
  return onlyOf(slices).warnings.map(({ code }) => code);
}

export function notSeen({ warnings }: Pick<CtVolume, "warnings">): string[] {
  return warnings.flatMap((warning) => warning.notSeen ?? []);
}

export const refusal = (message: RegExp) => ({ code: "series-unusable", message });

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CtSlice } from "../../src/dicom/slice.ts";
import type { InstanceHeader } from "../../src/dicom/source.ts";
import { buildVolume } from "../../src/dicom/volume.ts";
import { evenSlices } from "../support/volumes.ts";

const SLICES = evenSlices(Array.from({ length: 24 }, (_, z) => z));
const TILT = (18.5 * Math.PI) / 180;

function withHeaders(change: (header: InstanceHeader, z: number) => Partial<InstanceHeader>): CtSlice[] {
  return SLICES.map((slice, z) => ({ ...slice, header: { ...slice.header, ...change(slice.header, z) } }));
}

function at(position: (z: number) => number): CtSlice[] {
  return withHeaders((header, z) => ({
    imagePositionMm: [...header.imagePositionMm!.slice(0, 2), position(z)] as never,
  }));
}

const build = (slices: CtSlice[]) => buildVolume(slices, { minSlices: 8 });
const codes = (slices: CtSlice[]) => build(slices).warnings.map((warning) => warning.code);
const refusal = (message: RegExp) => ({ code: "series-unusable", message });

describe("a volume", () => {
  test("has its slices in order by position, whatever their numbers say", () => {
    const volume = build(withHeaders((_, z) => ({ instanceNumber: 100 - z })).toReversed());
    assert.deepEqual(
      volume.slices.map(({ hu }) => hu[0]),
      SLICES.map((_, z) => z),
    );
    assert.deepEqual(
      volume.slices.slice(0, 3).map(({ positionMm }) => positionMm),
      [0, 5, 10],
    );
    assert.deepEqual(volume.warnings, []);
  });

  test("runs from the feet to the head for an image that is stored mirrored, too", () => {
    const volume = build(withHeaders(() => ({ imageOrientation: [-1, 0, 0, 0, 1, 0] })));
    assert.equal(volume.slices[0]!.hu[0], 0);
  });
});

describe("unusual geometry is read, and said", () => {
  test("a missing slice", () => {
    const { warnings } = build(SLICES.filter((_, z) => z !== 10));
    assert.deepEqual(warnings, [
      { code: "gap", message: "There is a gap of 10.0 mm between slices 10 and 11: a slice may be missing." },
    ]);
  });

  test("thick slices above thin ones, as in sequential scans, are no gap", () => {
    const heights = Array.from({ length: 24 }, (_, z) => (z < 12 ? z * 4 : 48 + (z - 12) * 8));
    const slices = withHeaders((header, z) => ({
      imagePositionMm: [header.imagePositionMm![0], header.imagePositionMm![1], heights[z]!],
      sliceThicknessMm: z < 12 ? 4 : 8,
    }));
    assert.deepEqual(codes(slices), ["variable-spacing"]);
  });

  test("a tilted gantry", () => {
    const slices = withHeaders(() => ({ imageOrientation: [1, 0, 0, 0, Math.cos(TILT), -Math.sin(TILT)] }));
    const { warnings } = build(slices);
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ["gantry-tilt"],
    );
    assert.match(warnings[0]!.message, /18\.5°/);
  });

  test("the same place twice", () => {
    const { slices, warnings } = build(at((z) => (z === 7 ? 30 : z * 5)));
    assert.equal(slices.length, 23);
    assert.equal(warnings[0]!.code, "duplicate-slices");
    assert.match(warnings[0]!.message, /1 of 24 slices/);
  });

  test("slices of another size, or that are not axial, among the others", () => {
    assert.deepEqual(codes(withHeaders((_, z) => (z === 0 ? { pixelSpacingMm: [0.5, 0.5] } : {}))), ["mixed-size"]);
    assert.deepEqual(codes(withHeaders((_, z) => (z === 23 ? { imageOrientation: [1, 0, 0, 0, 0, -1] } : {}))), [
      "not-axial",
    ]);
  });

  test("planes that are not parallel", () => {
    const slices = withHeaders((_, z) =>
      z < 12 ? { imageOrientation: [1, 0, 0, 0, Math.cos(0.2), Math.sin(0.2)] } : {},
    );
    assert.ok(codes(slices).includes("mixed-orientation"));
  });

  test("a part of the head only", () => {
    assert.deepEqual(codes(SLICES.slice(0, 10)), ["partial-coverage"]);
  });
});

describe("a series is refused", () => {
  test("when its slices do not say where they lie", () => {
    assert.throws(
      () => build(withHeaders((_, z) => (z === 3 ? { imagePositionMm: null } : {}))),
      refusal(/has no position/),
    );
    assert.throws(() => build(withHeaders(() => ({ pixelSpacingMm: null }))), refusal(/has no pixel spacing/));
  });

  test("when too many of them share a place, as the phases of a perfusion do", () => {
    assert.throws(() => build(at((z) => Math.floor(z / 3) * 5)), refusal(/16 of 24 slices lie where another/));
  });

  test("when they are not axial or of many sizes", () => {
    assert.throws(
      () => build(withHeaders(() => ({ imageOrientation: [0, 1, 0, 0, 0, -1] }))),
      refusal(/24 of 24 .* not axial/),
    );
    assert.throws(() => build(withHeaders((_, z) => (z % 2 ? { pixelSpacingMm: [0.5, 0.5] } : {}))), refusal(/size/));
  });

  test("when there are too few", () => {
    assert.throws(() => build(SLICES.slice(0, 7)), refusal(/only 7 slices .* 8 are needed/));
    assert.throws(() => build([]), refusal(/no slices/));
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Orientation } from "../../src/dicom/geometry.ts";
import { at, build, codes, notSeen, onlyOf, refusal, SLICES, withHeaders } from "../support/placed-slices.ts";
import { decodedSlices, headSlices, volumeOf } from "../support/volumes.ts";

const TILT = (18.5 * Math.PI) / 180;

/** The lower half leans by an angle in radians, its middles where they were. */
function leaningBelow(angle: number) {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return withHeaders(({ imagePositionMm }, z) => {
    const [x, y, height] = imagePositionMm!;
    return z < 12 ? { imageOrientation: [1, 0, 0, 0, cos, sin], imagePositionMm: [x, y * cos, height + y * sin] } : {};
  });
}

describe("a volume", () => {
  test("has its slices in order by position, whatever their numbers say", () => {
    const volume = onlyOf(withHeaders((_, z) => ({ instanceNumber: 100 - z })).toReversed());
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

  test("of the phantom has nothing unusual", () => {
    assert.deepEqual(volumeOf(headSlices()).warnings, []);
  });

  test("runs from the feet to the head however the slices are turned within their plane", () => {
    const turns: Orientation[] = [
      [-1, 0, 0, 0, 1, 0],
      [-1, 0, 0, 0, -1, 0],
      [0, 1, 0, -1, 0, 0],
      [0, -1, 0, 1, 0, 0],
      [0.8, 0.6, 0, -0.6, 0.8, 0],
    ];
    for (const imageOrientation of turns) {
      const volume = onlyOf(withHeaders(() => ({ imageOrientation })));
      assert.equal(volume.slices[0]!.hu[0], 0);
      assert.deepEqual(notSeen(volume), []);
    }
  });

  test("takes direction cosines that are not of length 1 as directions", () => {
    const volume = onlyOf(withHeaders(() => ({ imageOrientation: [2, 0, 0, 0, 0.5, 0] })));
    assert.deepEqual(volume.slices[0]!.orientation, [1, 0, 0, 0, 1, 0]);
  });

  test("measures between the middles of slices: planes that are not parallel cross at their corners", () => {
    const slices = leaningBelow(0.05);
    const volume = onlyOf(slices);
    const heights = volume.slices.map(({ hu }) => hu[0]);
    assert.deepEqual(
      heights,
      heights.toSorted((a, b) => a! - b!),
    );
    assert.ok(codes(slices).includes("mixed-orientation"));
  });
});

describe("unusual geometry that hides nothing is read, and said", () => {
  test("thick slices above thin ones, as in sequential scans, are no gap", () => {
    const heights = Array.from({ length: 24 }, (_, z) => (z < 12 ? z * 4 : 48 + (z - 12) * 8));
    const slices = at(
      (z) => heights[z]!,
      (z) => ({ sliceThicknessMm: z < 12 ? 4 : 8 }),
    );
    assert.deepEqual(codes(slices), ["variable-spacing"]);
    assert.deepEqual(notSeen(onlyOf(slices)), []);
  });

  test("thick slices that touch each other are sampled", () => {
    assert.deepEqual(
      codes(
        at(
          (z) => z * 10,
          () => ({ sliceThicknessMm: 10 }),
        ),
      ),
      [],
    );
  });

  test("a tilted gantry", () => {
    const slices = withHeaders(() => ({ imageOrientation: [1, 0, 0, 0, Math.cos(TILT), -Math.sin(TILT)] }));
    const { warnings } = onlyOf(slices);
    assert.ok(warnings.some(({ code, message }) => code === "gantry-tilt" && message.includes("18.5°")));
  });

  test("a field of view that changes on the way: every slice keeps its own grid", () => {
    const slices = withHeaders(({ imagePositionMm }, z) =>
      z > 15 ? { pixelSpacingMm: [10, 10], imagePositionMm: [-75, -75, imagePositionMm![2]] } : {},
    );
    const { slices: kept, warnings } = onlyOf(slices);
    assert.equal(kept.length, 24);
    assert.deepEqual(kept[20]!.pixelSpacingMm, [10, 10]);
    assert.deepEqual(
      warnings.map(({ code, limitsFlag }) => [code, limitsFlag]),
      [["mixed-size", false]],
    );
  });

  test("the same place twice: the later image belongs to the stack, the other is read as well unless it shows a detail only", () => {
    const again = { ...SLICES[7]!, hu: SLICES[7]!.hu.map(() => 99) };
    const { header } = again;
    const [volume, repeat] = build([...SLICES, { ...again, header: { ...header, instanceNumber: 50 } }]);
    assert.equal(volume!.slices.length, 24);
    assert.equal(volume!.slices[7]!.hu[0], 99);
    assert.deepEqual(
      volume!.warnings.map(({ code, notSeen }) => [code, notSeen]),
      [["duplicate-slices", null]],
    );
    assert.ok(repeat!.isRepeat);
    assert.deepEqual(
      repeat!.slices.map(({ hu }) => hu[0]),
      [7],
    );
    assert.deepEqual(repeat!.warnings, []);
    const detail = { ...again, header: { ...header, instanceNumber: 50, pixelSpacingMm: [5, 5] as [number, number] } };
    assert.equal(onlyOf([...SLICES, detail]).slices[7]!.hu[0], 7);
  });
});

describe("what was not seen of the head is said", () => {
  test("a missing slice", () => {
    const { warnings } = onlyOf(SLICES.filter((_, z) => z !== 10));
    assert.deepEqual(warnings, [
      {
        code: "gap",
        message: "There is a gap of 10.0 mm between slices 10 and 11: a slice may be missing.",
        limitsFlag: true,
        notSeen: "gap of 10 mm",
      },
    ]);
  });

  test("a missing slice among slices that claim to be thicker than they can be", () => {
    const slices = withHeaders(() => ({ sliceThicknessMm: 25 })).filter((_, z) => z !== 10);
    assert.deepEqual(notSeen(onlyOf(slices)), ["gap of 10 mm"]);
  });

  test("many gaps, in one sentence", () => {
    const { warnings } = onlyOf(at((z) => z * 5 + (z > 10 ? 10 : 0) + (z > 15 ? 6 : 0) + (z > 20 ? 6 : 0)));
    assert.deepEqual(notSeen({ warnings }), ["3 gaps of up to 15 mm"]);
  });

  test("slices that are evenly far apart, of which nobody sampled what lies between", () => {
    const thin = at(
      (z) => z * 10,
      () => ({ sliceThicknessMm: 2 }),
    );
    assert.deepEqual(notSeen(onlyOf(thin)), ["8 mm between slices not sampled"]);
    const unknown = at(
      (z) => z * 7,
      () => ({ sliceThicknessMm: null }),
    );
    assert.deepEqual(notSeen(onlyOf(unknown)), ["7 mm between slices not sampled"]);
  });

  test("a wedge between two parts of a head that were taken at different tilts", () => {
    assert.match(notSeen(onlyOf(leaningBelow(0.3)))[0]!, /^gap of 3\d/);
  });

  test("images that are no slices of the stack", () => {
    const strays: Parameters<typeof withHeaders>[0][] = [
      () => ({ imagePositionMm: null }),
      () => ({ imageOrientation: null }),
      () => ({ imageOrientation: [1, 0, 0, 0, 0, -1] }),
      () => ({ imageOrientation: [1, 0, 0, 1, 0, 0] }),
      () => ({ imageOrientation: [0, 0, 0, 0, 0, 0] }),
      () => ({ imageType: ["ORIGINAL", "PRIMARY", "LOCALIZER"] }),
      () => ({ pixelSpacingMm: [0, 0] }),
      () => ({ pixelSpacingMm: [1e30, 1e30] }),
      () => ({ imagePositionMm: [0, 0, 1e30] }),
      () => ({ frameOfReferenceUid: "1.2.3" }),
    ];
    for (const stray of strays) {
      const slices = withHeaders((header, z) => (z === 23 ? stray(header, z) : {}));
      const volume = onlyOf(slices);
      assert.equal(volume.slices.length, 23);
      assert.deepEqual(volume.warnings[0]!.notSeen, "1 image not read", String(stray));
    }
  });

  test("less than a whole head, whose height depends on the age", () => {
    const part = SLICES.slice(0, 20);
    assert.deepEqual(notSeen(onlyOf(part)), ["only 100 mm of the head covered"]);
    const limited = (patientAge: string, count: number) =>
      notSeen(onlyOf(withHeaders(() => ({ patientAge })).slice(0, count))).length > 0;
    assert.deepEqual(
      [limited("018M", 20), limited("018M", 17), limited("005Y", 20), limited("005Y", 22), limited("006Y", 22)],
      [false, true, true, false, true],
    );
  });

  test("the vertex, where the highest slice still shows brain; air above it is no head", () => {
    const head = headSlices();
    assert.deepEqual(notSeen(volumeOf(head.slice(0, 27))), ["vertex cut off"]);
    const covered = head.map((slice, z) => (z < 22 ? slice : { ...slice, hu: slice.hu.map(() => -1000) }));
    assert.deepEqual(notSeen(volumeOf(covered)), ["only 110 mm of the head covered", "vertex cut off"]);
  });

  test("a field of view that is too narrow for a head", () => {
    const slices = withHeaders((_, z) => (z > 19 ? { pixelSpacingMm: [5, 5] } : {}));
    assert.deepEqual(notSeen(onlyOf(slices)), ["4 of 24 slices show a part of the head only"]);
  });

  test("details at many places", () => {
    const details = withHeaders(() => ({ pixelSpacingMm: [5, 5] }));
    assert.deepEqual(notSeen(onlyOf([...SLICES, ...details])), ["24 images at the same places not read"]);
  });
});

test("a second look at the head that nothing tells apart from the first is read as well, copies are not", () => {
  const second = SLICES.map((slice) => ({ ...slice, hu: slice.hu.map((hu) => hu + 1) }));
  const volumes = build([...SLICES, ...second, ...SLICES]);
  assert.deepEqual(
    volumes.map(({ slices, isRepeat }) => [slices.length, isRepeat]),
    [
      [24, false],
      [24, true],
    ],
  );
  assert.deepEqual(volumes.flatMap(notSeen), []);
  assert.equal(onlyOf([...SLICES, ...SLICES]).slices.length, 24);
});

describe("a series is refused", () => {
  test("when its slices do not say where they lie, or nonsense", () => {
    assert.throws(
      () => build(withHeaders(() => ({ imagePositionMm: null }))),
      refusal(/has no position, like 23 more/),
    );
    assert.throws(() => build(withHeaders(() => ({ pixelSpacingMm: null }))), refusal(/has no pixel spacing/));
    assert.throws(() => build(withHeaders(() => ({ pixelSpacingMm: [0, 0] }))), refusal(/impossible pixel spacing/));
    assert.throws(
      () => build(withHeaders(() => ({ imageOrientation: [1, 0, 0, 0.5, 1, 0] }))),
      refusal(/impossible orientation/),
    );
    assert.throws(() => build(at(() => 5)), refusal(/only 1 slices lie at different places/));
  });

  test("when more than a quarter would be left out, or it is not axial", () => {
    assert.throws(
      () => build(withHeaders((_, z) => (z < 7 ? { imagePositionMm: null } : {}))),
      refusal(/7 of 24 images do not fit/),
    );
    for (const imageOrientation of [
      [0, 1, 0, 0, 0, -1],
      [1, 0, 0, 0, 0, -1],
    ] as unknown as Orientation[]) {
      assert.throws(() => build(withHeaders(() => ({ imageOrientation }))), refusal(/24 of 24 .* is not axial/));
    }
  });

  test("when there are too few", () => {
    assert.throws(() => build(SLICES.slice(0, 7)), refusal(/only 7 slices .* 8 are needed/));
    assert.throws(() => build([]), refusal(/no slices/));
  });

  test("or read without a number that is none, whatever its headers say", () => {
    const odd = [Number.MAX_VALUE, -1, 0, 1e-300, 1e30];
    for (const value of odd) {
      const slices = withHeaders((_, z) => ({
        sliceThicknessMm: value,
        gantryTiltDeg: value,
        acquisitionNumber: z % 2,
      }));
      for (const { slices: placed, warnings } of build(slices)) {
        assert.ok(placed.every(({ positionMm }) => Number.isFinite(positionMm)));
        assert.doesNotMatch(JSON.stringify(warnings), /NaN|Infinity|null mm/);
      }
    }
  });
});

test("a head in the phantom's place may be stored by any quarter turn", () => {
  const slices = decodedSlices(
    { columns: 24, rows: 24, slices: 24, hu: new Int16Array(24 * 576), pixelSpacingMm: 8, sliceSpacingMm: 5 },
    {},
    { orientation: [0, -1, 0, 1, 0, 0] },
  );
  assert.deepEqual(volumeOf(slices).warnings, []);
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CtSlice } from "../../src/dicom/slice.ts";
import type { InstanceHeader } from "../../src/dicom/source.ts";
import { at, build, notSeen, onlyOf, SLICES } from "../support/placed-slices.ts";

/** The same slices, said to be taken otherwise, `hu` brighter, `upMm` higher. */
function taken(slices: CtSlice[], changes: Partial<InstanceHeader>, { hu = 0, upMm = 0 } = {}): CtSlice[] {
  return slices.map((slice) => {
    const [x, y, z] = slice.header.imagePositionMm!;
    const header: InstanceHeader = { ...slice.header, imagePositionMm: [x, y, z + upMm], ...changes };
    return { ...slice, header, hu: slice.hu.map((value) => value + hu) };
  });
}

const first = taken(SLICES, { acquisitionNumber: 1, acquisitionDateTime: "20250101100000" });
const later = { acquisitionNumber: 2, acquisitionDateTime: "20250101120000" };

describe("two acquisitions of a head in one series are two volumes, the earlier one first", () => {
  const assertTwo = (slices: CtSlice[]) => {
    const volumes = build(slices);
    assert.deepEqual(
      volumes.map((volume) => volume.slices.map((slice) => slice.hu[0]! >= 100)),
      [SLICES.map(() => false), SLICES.map(() => true)],
    );
    for (const volume of volumes) assert.deepEqual(notSeen(volume), []);
  };

  test("by their numbers", () => {
    assertTwo([...taken(SLICES, { acquisitionNumber: 2 }, { hu: 100 }), ...taken(SLICES, { acquisitionNumber: 1 })]);
  });

  test("by their times", () => {
    const { acquisitionDateTime } = later;
    assertTwo([...taken(SLICES, { acquisitionDateTime }, { hu: 100 }), ...taken(first, { acquisitionNumber: 1 })]);
  });

  test("where the second one lies between the places of the first", () => {
    assertTwo([...first, ...taken(SLICES, later, { hu: 100, upMm: 2.5 })]);
  });

  test("where each rotation has a number and a time of its own", () => {
    const rotations = (from: number, hu: number) =>
      SLICES.flatMap((slice, z) => {
        const number = from + Math.floor(z / 2);
        return taken([slice], { acquisitionNumber: number, acquisitionDateTime: `202501011${number}000` }, { hu });
      });
    assertTwo([...rotations(200, 100), ...rotations(100, 0)]);
    assert.equal(build(rotations(100, 0)).length, 1);
  });

  test("by frames of reference", () => {
    assertTwo([...SLICES, ...taken(SLICES, { frameOfReferenceUid: "1.2.3" }, { hu: 100 })]);
  });
});

test("an acquisition at another tilt is measured along its own normal", () => {
  const tilted = SLICES.flatMap((slice, z) => {
    const [cos, sin] = [Math.cos(0.3), Math.sin(0.3)];
    return taken([slice], {
      ...later,
      imageOrientation: [1, 0, 0, 0, cos, sin],
      imagePositionMm: [-90, -90 * cos, (z * 5) / cos - 90 * sin],
    });
  });
  for (const { slices, warnings } of build([...first, ...tilted])) {
    assert.equal(slices.length, 24);
    assert.ok(Math.abs(slices[3]!.positionMm - slices[2]!.positionMm - 5) < 0.01);
    assert.ok(warnings.every(({ code }) => code === "gantry-tilt"));
  }
});

describe("one acquisition is one volume", () => {
  test("though its slices have numbers or times that come and go", () => {
    const slices = SLICES.flatMap((slice, z) =>
      taken([slice], { acquisitionDateTime: `2025010110${(z % 7) + 10}${(z * 13) % 60}` }),
    );
    assert.deepEqual(notSeen(onlyOf(slices)), []);
    const again = taken(slices.slice(4, 5), { acquisitionDateTime: "20250101110000" }, { hu: 100 });
    const volumes = build([...slices, ...again]);
    assert.deepEqual(
      volumes.map((volume) => [volume.slices.length, volume.isRepeat, notSeen(volume)]),
      [
        [24, false, []],
        [1, true, []],
      ],
    );
  });

  test("in two series that continue each other, even where they share a place", () => {
    const [below, above] = [SLICES.slice(0, 13), SLICES.slice(12)];
    const volume = onlyOf([
      ...taken(below, { seriesInstanceUid: "1.1", seriesNumber: 3, acquisitionNumber: 1 }),
      ...taken(above, { seriesInstanceUid: "1.2", seriesNumber: 4, acquisitionNumber: 1 }),
    ]);
    assert.equal(volume.slices.length, 24);
    assert.deepEqual(notSeen(volume), []);
    assert.deepEqual([...new Set(volume.slices.map(({ header }) => header.seriesInstanceUid))], ["1.1", "1.2"]);
  });

  test("of which a few slices were repeated after motion: the later ones belong to it, the others are read as well", () => {
    const volumes = build([...first, ...taken(SLICES.slice(5, 9), later, { hu: 100 })]);
    assert.deepEqual(
      volumes.map(({ slices }) => slices.filter(({ hu }) => [5, 8, 105, 108].includes(hu[0]!)).map(({ hu }) => hu[0])),
      [
        [105, 108],
        [5, 8],
      ],
    );
    assert.deepEqual(
      volumes.map(({ slices, isRepeat }) => [slices.length, isRepeat]),
      [
        [24, false],
        [4, true],
      ],
    );
    assert.deepEqual(volumes.flatMap(notSeen), []);
  });

  test("beside which a few slices at other places are not read, and it is said", () => {
    const volume = onlyOf([...first, ...taken(SLICES.slice(5, 9), later, { upMm: 2.5 })]);
    assert.equal(volume.slices.length, 24);
    assert.deepEqual(notSeen(volume), ["4 images not read"]);
  });
});

test("an acquisition of a part of the head is a volume that says so", () => {
  const volumes = build([...first, ...taken(SLICES.slice(0, 12), later)]);
  assert.deepEqual(volumes.map(notSeen), [[], ["only 60 mm of the head covered"]]);
});

test("the phases of a perfusion, which cover little, each say so", () => {
  const phases = at(
    (z) => (z % 8) * 5,
    (z) => ({ acquisitionNumber: Math.floor(z / 8) + 1 }),
  );
  assert.deepEqual(build(phases).map(notSeen), new Array(3).fill(["only 40 mm of the head covered"]));
});

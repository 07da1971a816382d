import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { HuHistogram } from "../../src/dicom/hu-histogram.ts";
import { checkHu } from "../../src/dicom/hu-plausibility.ts";
import { readSlices } from "../../src/dicom/slice.ts";
import { type HuVolume, withBleed } from "../../src/phantom/hu-volume.ts";
import { chestPhantom, headPhantom, PHANTOM_BLEED } from "../../src/phantom/phantoms.ts";
import { boneKernel } from "../../src/phantom/reconstruction.ts";
import { needs, sharedData } from "../support/shared-data.ts";

const check = (slices: { hu: Int16Array }[]) => checkHu(slices.map(({ hu }) => HuHistogram.of(hu)));

interface HuImage {
  hu: Int16Array;
  rows: number;
  columns: number;
}

function slicesOf({ hu, rows, columns, slices }: HuVolume): HuImage[] {
  const size = rows * columns;
  return Array.from({ length: slices }, (_, z) => ({ hu: hu.slice(z * size, (z + 1) * size), rows, columns }));
}

const HEAD = withBleed(headPhantom(), PHANTOM_BLEED);
const SLICES = slicesOf(HEAD);

type Change = (hu: number, x: number, y: number) => number;

function changed(slices: HuImage[], change: Change): HuImage[] {
  return slices.map((slice) => ({
    ...slice,
    hu: slice.hu.map((hu, i) => {
      const value = Math.round(change(hu, i % slice.columns, Math.floor(i / slice.columns)));
      return Math.max(-32768, Math.min(32767, value));
    }),
  }));
}

async function realSlices(folder: string): Promise<HuImage[][]> {
  const dir = sharedData(folder);
  const files = readdirSync(dir).filter((file) => file.endsWith(".dcm"));
  return Promise.all(files.map((file) => readSlices({ bytes: readFileSync(path.join(dir, file)), file })));
}

describe("values that are HU pass without a word:", () => {
  test("phantoms of a head and a chest, and a bone kernel", () => {
    for (const volume of [headPhantom(1), HEAD, boneKernel(HEAD), chestPhantom()]) {
      assert.deepEqual(check(slicesOf(volume)), []);
    }
  });

  test("a real head with a tilted gantry, whole and slice by slice", needs("dcm-qa-ct"), async () => {
    const slices = (await realSlices("dcm-qa-ct/In/GE")).flat();
    assert.equal(slices.length, 28);
    assert.deepEqual(check(slices), []);
    for (const slice of slices) assert.deepEqual(check([slice]), []);
  });

  test(
    "each of 112 real slices of many scanners, from the neck to above the vertex",
    needs("rsna-slices"),
    async () => {
      const slices = (await realSlices("rsna-slices/dicom")).flat();
      assert.equal(slices.length, 112);
      for (const slice of slices) assert.deepEqual(check([slice]), []);
    },
  );

  const unusual: Record<string, Change> = {
    "a newborn: watery brain, thin skull": (hu) => (hu > 300 ? 150 + hu / 3 : hu > 0 ? hu * 0.6 : hu),
    "a bandage of foam": (hu, x, y) => (hu < -900 && Math.hypot((x - 128) / 100, (y - 128) / 122) < 1 ? -650 : hu),
    "a head on a pillow": (hu, _x, y) => (hu < -900 && y > 150 ? -940 : hu),
    "metal with its streaks": (hu, x, y) =>
      Math.hypot(x - 100, y - 100) < 12 ? 30000 : Math.abs(y - 100) < 3 ? hu - 700 : hu,
    "corners without pixels": (hu, x, y) => (Math.hypot(x - 128, y - 128) > 128 ? -3024 : hu),
    "air that the scanner cuts off": (hu) => Math.max(hu, -1000),
  };
  for (const [name, change] of Object.entries(unusual)) {
    test(name, () => assert.deepEqual(check(changed(SLICES, change)), []));
  }

  test("a head cropped so tight that no air is left around it", () => {
    const [left, right, top, bottom] = [70, 186, 50, 206];
    const cropped = SLICES.slice(6, 22).map(({ hu, columns }) => ({
      hu: hu.filter((_, i) => {
        const [x, y] = [i % columns, Math.floor(i / columns)];
        return x >= left && x < right && y >= top && y < bottom;
      }),
      rows: bottom - top,
      columns: right - left,
    }));
    assert.deepEqual(check(cropped), []);
  });
});

describe("values that cannot be HU are refused:", () => {
  const stored = (hu: number) => hu + 1024;
  const windowed = (center: number, width: number) => (hu: number) =>
    Math.max(0, Math.min(255, ((hu - center + width / 2) / width) * 255));
  const wrong: Record<string, Change> = {
    "the intercept forgotten": stored,
    "the intercept applied twice": (hu) => hu - 1024,
    "an intercept of -1000 forgotten": (hu) => hu + 1000,
    "shifted up by 500": (hu) => hu + 500,
    "shifted up by 50": (hu) => hu + 50,
    "shifted down by 50": (hu) => hu - 50,
    inverted: (hu) => -hu,
    "inverted as stored": (hu) => 3071 - stored(hu),
    doubled: (hu) => 2 * hu,
    "doubled as stored": (hu) => 2 * stored(hu) - 1024,
    halved: (hu) => hu / 2,
    "divided by ten": (hu) => hu / 10,
    "divided by ten as stored": (hu) => stored(hu) / 10 - 1024,
    "a brain window of 0 to 255": windowed(40, 120),
    "a wide window of 0 to 255": windowed(40, 400),
    "all values as 0 to 255": windowed(1000, 4000),
    "bytes swapped": (hu) => ((((stored(hu) << 8) | (stored(hu) >> 8)) << 16) >> 16) - 1024,
    "the sign bit as a value": (hu, x, y) => (Math.hypot(x - 128, y - 128) > 128 ? 32767 : hu),
    blank: () => -1024,
  };
  for (const [name, change] of Object.entries(wrong)) {
    test(name, () => {
      assert.throws(() => check(changed(SLICES, change)), { code: "values-not-hu", message: /^values are not HU: / });
    });
  }
});

describe("single slices", () => {
  const withSlices = (places: number[], change: Change) =>
    SLICES.map((slice, z) => (places.includes(z) ? changed([slice], change)[0]! : slice));

  test("that show nothing are not seen", () => {
    const [air, even] = [withSlices([15, 16], () => -1024), withSlices([15], (_hu, x) => -1000 + (x % 20))];
    assert.deepEqual(
      [air, even].map((slices) => check(slices).map(({ code, notSeen }) => [code, notSeen])),
      [[["blank-slices", "2 slices are blank"]], [["blank-slices", "1 slice is blank"]]],
    );
    assert.match(check(air)[0]!.message, /16, 17/);
  });

  test("whose values are shifted, scaled or inverted are not seen", () => {
    for (const change of [(hu: number) => hu + 1024, (hu: number) => hu / 10, (hu: number) => -hu]) {
      const [found, ...others] = check(withSlices([15], change));
      assert.equal(others.length, 0);
      assert.deepEqual([found?.code, found?.notSeen], ["slices-not-hu", "1 slice is not in HU"]);
    }
  });

  test("above the vertex and of padding only are no head, and the last of noise is nothing unusual", () => {
    const vertex = { ...SLICES[0]!, hu: SLICES[0]!.hu.map((_, i) => -1000 + ((i * 7919) % 31)) };
    assert.deepEqual(check([...SLICES, vertex]), []);
  });
});

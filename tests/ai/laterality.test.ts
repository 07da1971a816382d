import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { findMidline } from "../../src/ai/midline.ts";
import { findModel } from "../../src/ai/model-package.ts";
import { VolumeScorer } from "../../src/ai/volume-scorer.ts";
import { configSchema } from "../../src/config.ts";
import type { Orientation } from "../../src/dicom/geometry.ts";
import { modelRoots } from "../../src/installation.ts";
import { averageSlabs, type HuVolume, withBleed } from "../../src/phantom/hu-volume.ts";
import { headPhantom } from "../../src/phantom/phantoms.ts";
import { storedAs, turnedHead, withArm, withHeadHolder } from "../../src/phantom/pose.ts";
import { decodedSlices, evenSlices, halved, volumeOf } from "../support/volumes.ts";

/** A head of 15 slices of 128 x 128: small, so that many can be scored. */
const HEAD = halved(averageSlabs(headPhantom(), 2));
const BLEEDS = {
  left: withBleed(HEAD, { centre: [80, 67, 7], halfAxes: [6.5, 8, 2], hu: 66 }),
  right: withBleed(HEAD, { centre: [47, 67, 7], halfAxes: [6.5, 8, 2], hu: 66 }),
  midline: withBleed(HEAD, { centre: [63.5, 67, 7], halfAxes: [5, 9, 2], hu: 66 }),
};

interface Pose {
  turned?: number;
  stored?: Orientation;
  beside?: (volume: HuVolume) => HuVolume;
}

const POSES: Record<string, Pose> = {
  "lies straight": {},
  "is turned by 15 degrees": { turned: 15 },
  "is turned by 35 degrees, an arm beside it": { turned: 35, beside: withArm },
  "is turned by 35 degrees to the other side": { turned: -35 },
  "lies on the face": { stored: [-1, 0, 0, 0, -1, 0] },
  "lies on the side": { stored: [0, 1, 0, -1, 0, 0] },
  "is stored mirrored": { stored: [-1, 0, 0, 0, 1, 0] },
  "lies in a head holder": { beside: withHeadHolder },
};

function posed(volume: HuVolume, { turned = 0, stored, beside = (it) => it }: Pose) {
  const head = beside(turned === 0 ? volume : turnedHead(volume, turned));
  return volumeOf(stored ? decodedSlices(storedAs(head, stored), {}, { orientation: stored }) : decodedSlices(head));
}

describe("the side of a bleed, in a head that", () => {
  let scorer: VolumeScorer;
  before(async () => {
    const { inference } = configSchema.parse({});
    scorer = await VolumeScorer.start({ model: await findModel("ich-lite", modelRoots("none")), inference });
  });
  after(() => scorer.stop());

  for (const [name, pose] of Object.entries(POSES)) {
    test(`${name}, is the patient's`, async () => {
      for (const [side, head] of Object.entries(BLEEDS)) {
        const { flag, findings } = await scorer.score(posed(head, pose));
        assert.equal(flag, "critical");
        assert.equal(findings.find(({ label }) => label === "any")!.laterality, side);
        assert.ok(findings.every(({ laterality }) => laterality === null || laterality === side));
      }
    });
  }

  test("is turned so far that its length cannot be told from its width, is not told", async () => {
    const { findings } = await scorer.score(posed(BLEEDS.left, { turned: 60 }));
    assert.ok(findings.every(({ laterality }) => laterality === null));
    assert.equal(findMidline(posed(HEAD, { turned: 90 })), null);
  });

  test("is stored a quarter turn off, has the same probability, and a box at the same place of the head", async () => {
    const [plain, quarter] = [
      await scorer.score(posed(BLEEDS.left, {})),
      await scorer.score(posed(BLEEDS.left, { stored: [0, 1, 0, 1, 0, 0] })),
    ];
    assert.ok(Math.abs(plain.probabilities.study.any - quarter.probabilities.study.any) < 1e-4);
    const [box, turned] = [plain, quarter].map(({ findings }) => findings[5]!.keySlices[0]!.box!);
    const [left, top, right, bottom] = box!;
    assert.deepEqual(turned, [top, left, bottom, right]);
  });
});

describe("the midline", () => {
  test("is found where the head lies, not in the middle of the image", () => {
    const shift = 12;
    const hu = HEAD.hu.map((_, i) => (i % 128 < shift ? -1000 : HEAD.hu[i - shift]!));
    const midline = findMidline(volumeOf(decodedSlices({ ...HEAD, hu })))!;
    assert.ok(Math.abs(midline.toTheLeftMm(7, 63.5 + shift, 64)) < 2);
    assert.ok(midline.toTheLeftMm(7, 63.5, 64) < -15);
  });

  test("is none in a round skull, in one that is open, and without a skull", () => {
    const drawn = (bone: (x: number, y: number) => boolean) => {
      const hu = HEAD.hu.map((_, i) => (bone((i % 128) - 63.5, (Math.floor(i / 128) % 128) - 63.5) ? 900 : 0));
      return findMidline(volumeOf(decodedSlices({ ...HEAD, hu })));
    };
    const radius = Math.hypot;
    assert.equal(
      drawn((x, y) => radius(x, y) > 40 && radius(x, y) < 44),
      null,
    );
    assert.equal(
      drawn((x, y) => radius(x / 0.8, y) > 40 && radius(x / 0.8, y) < 44 && x < 0),
      null,
    );
    assert.notEqual(
      drawn((x, y) => radius(x / 0.8, y) > 40 && radius(x / 0.8, y) < 44),
      null,
    );
    assert.equal(findMidline(volumeOf(evenSlices(new Array<number>(10).fill(30)))), null);
  });
});

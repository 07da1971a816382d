import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { interpret, strongestPeaks } from "../../src/ai/findings.ts";
import { hotBox, lateralityOf } from "../../src/ai/localization.ts";
import type { Manifest } from "../../src/ai/manifest.ts";
import type { Midline } from "../../src/ai/midline.ts";
import type { HeatMap } from "../../src/contract/heat-map.ts";
import { LABELS, type Label, type PerLabel, perLabel } from "../../src/contract/labels.ts";
import { evenSlices, volumeOf } from "../support/volumes.ts";

const GRID = 10;
/** Down the middle of the image, the patient's left at the right. */
const MIDLINE: Midline = { toTheLeftMm: (_, column) => column - 49.5 };
const volume = volumeOf(evenSlices(new Array<number>(10).fill(0), { size: 100 }));
const POINTS: Manifest["operatingPoints"] = perLabel(() => ({ threshold: 0.6, undetermined: [0.4, 0.6] }));

/** A map for every slice, cold but for these [column, row, value] cells of every label. */
function heatMap(hot: [number, number, number][], area: [number, number, number, number] = [0, 0, 100, 100]): HeatMap {
  const cells = new Uint8Array(LABELS.length * GRID * GRID);
  for (let label = 0; label < LABELS.length; label++) {
    for (const [x, y, value] of hot) cells[label * GRID * GRID + y * GRID + x] = value;
  }
  const slices = volume.slices.map(({ header: { seriesInstanceUid, sopInstanceUid } }) => ({
    seriesInstanceUid,
    sopInstanceUid,
    frameNumber: null,
    area,
    cells,
  }));
  return { gridWidth: GRID, gridHeight: GRID, slices };
}

/** Findings of a study with these probabilities, other labels 0, and a bleed in slice 4. */
function interpreted(study: Partial<PerLabel<number>>, map: HeatMap | null = null) {
  const slices = volume.slices.map((_, z) => perLabel((label) => (z === 4 ? (study[label] ?? 0) : 0.01)));
  const { flag, findings } = interpret(volume, { study: perLabel((label) => study[label] ?? 0), slices }, map, POINTS);
  const presence = (label: Label) => findings.find((finding) => finding.label === label)!.presence;
  return { flag, findings, presence };
}

describe("presence", () => {
  test("follows the operating points, and `any` decides the flag", () => {
    assert.equal(interpreted({ any: 0.6 }).flag, "critical");
    assert.equal(interpreted({ any: 0.59 }).flag, "undetermined");
    assert.equal(interpreted({ any: 0.4 }).flag, "undetermined");
    assert.equal(interpreted({ any: 0.39 }).flag, "negative");
  });

  test("of a subtype never raises a flag and never exceeds that of `any`", () => {
    const negative = interpreted({ any: 0.1, subdural: 0.9 });
    assert.equal(negative.flag, "negative");
    assert.equal(negative.presence("subdural"), "absent");
    assert.equal(interpreted({ any: 0.5, subdural: 0.9 }).presence("subdural"), "undetermined");
    assert.equal(interpreted({ any: 0.9, subdural: 0.9 }).presence("subdural"), "present");
    assert.equal(interpreted({ any: 0.9, subdural: 0.5 }).presence("subdural"), "undetermined");
  });

  test("is said of every label, with stable ids and the thresholds it came from", () => {
    const [first, again] = [interpreted({ any: 0.9 }).findings, interpreted({ any: 0.2 }).findings];
    assert.deepEqual(
      first.map(({ label }) => label),
      [...LABELS],
    );
    assert.deepEqual(
      first.map(({ id }) => id),
      again.map(({ id }) => id),
    );
    assert.equal(new Set(first.map(({ id }) => id)).size, LABELS.length);
    assert.deepEqual([first[0]!.threshold, first[0]!.undeterminedFrom], [0.6, 0.4]);
  });
});

describe("key slices", () => {
  test("are the strongest peaks along the stack, three at most", () => {
    assert.deepEqual(strongestPeaks([0.1, 0.9, 0.2, 0.7, 0.6, 0.8, 0.1, 0.75, 0.2]), [1, 5, 7]);
    assert.deepEqual(strongestPeaks([0.9, 0.5, 0.1, 0.3, 0.1]), [0]);
    assert.deepEqual(strongestPeaks([0.5, 0.5, 0.5]), [0]);
  });

  test("point at the slice and at what is hot in it; an absent finding has none", () => {
    const { findings } = interpreted({ any: 0.9, subdural: 0.5 }, heatMap([[2, 3, 200]]));
    const byLabel = (label: Label) => findings.find((finding) => finding.label === label)!;
    const { seriesInstanceUid, sopInstanceUid } = volume.slices[4]!.header;
    assert.deepEqual(byLabel("any").keySlices, [
      { seriesInstanceUid, sopInstanceUid, frameNumber: null, z: 4, box: [20, 30, 30, 40] },
    ]);
    assert.deepEqual(byLabel("subdural").keySlices[0]!.box, [20, 30, 30, 40]);
    assert.deepEqual(byLabel("epidural").keySlices, []);
    assert.equal(byLabel("epidural").laterality, null);
  });
});

describe("a box", () => {
  const image = { rows: 100, columns: 100 };

  test("encloses the cells that hang together with the hottest and are half as hot", () => {
    const map = heatMap([
      [4, 4, 200],
      [5, 4, 120],
      [5, 5, 101],
      [6, 5, 90],
      [0, 0, 150],
    ]);
    assert.deepEqual(hotBox(map, 0, "any", image), [40, 40, 60, 60]);
  });

  test("ends where the image ends", () => {
    const corner = heatMap(
      [
        [0, 0, 200],
        [1, 0, 200],
        [2, 0, 200],
      ],
      [-20, -5, 80, 95],
    );
    assert.deepEqual(hotBox(corner, 0, "any", image), [0, 0, 10, 5]);
  });

  test("is none where the map is hot beyond the image only", () => {
    assert.equal(hotBox(heatMap([[0, 5, 200]], [-20, 0, 80, 100]), 0, "any", image), null);
  });

  test("is none on a cold map", () => {
    assert.equal(hotBox(heatMap([]), 0, "any", image), null);
  });
});

describe("the side", () => {
  const side = (hot: [number, number, number][], midline: Midline | null = MIDLINE) =>
    lateralityOf(heatMap(hot), [0, 1], "any", midline);

  test("is the patient's, who looks at the reader", () => {
    assert.equal(side([[1, 5, 200]]), "right");
    assert.equal(side([[8, 5, 200]]), "left");
    assert.equal(side([[8, 5, 200]], { toTheLeftMm: (_, column) => 49.5 - column }), "right");
  });

  test("is that of the head, which need not lie in the middle of the image", () => {
    assert.equal(side([[6, 5, 200]], { toTheLeftMm: (_, column) => column - 80 }), "right");
    assert.equal(side([[5, 1, 200]], { toTheLeftMm: (_z, _column, row) => row - 49.5 }), "right");
  });

  test("may be both, or the middle", () => {
    assert.equal(
      side([
        [1, 5, 200],
        [8, 5, 180],
      ]),
      "bilateral",
    );
    assert.equal(
      side([
        [1, 5, 200],
        [8, 5, 60],
      ]),
      "right",
    );
    assert.equal(
      side([
        [4, 2, 200],
        [5, 2, 200],
      ]),
      "midline",
    );
    assert.equal(side([]), null);
  });

  test("is not told of heat that reaches over the middle unevenly, or of a head without a clear midline", () => {
    const across = [3, 4, 5, 6, 7, 8].map((column): [number, number, number] => [column, 5, 200]);
    assert.equal(side(across), null);
    assert.equal(side([[1, 5, 200]], null), null);
    const findings = interpreted({ any: 0.9 }, heatMap([[2, 3, 200]])).findings;
    assert.ok(findings.every(({ laterality }) => laterality === null));
  });
});

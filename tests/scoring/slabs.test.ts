import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { planSlabs, SlabSum } from "../../src/dicom/slabs.ts";
import type { StudySource } from "../../src/dicom/source.ts";
import { PHANTOM_BLEED } from "../../src/phantom/phantoms.ts";
import { analyseStudy } from "../../src/scoring/analyse-study.ts";
import { wasAnalysed } from "../../src/scoring/analysis.ts";
import { startAnalysisTools, type TestTools } from "../support/analysis-tools.ts";
import { thinHead, thinSource } from "../support/thin-head.ts";
import { headSlices, volumeOf } from "../support/volumes.ts";

const SLAB = { belowMm: 2.5, thicknessMm: 5 };

describe("thin slices", () => {
  const { slices } = volumeOf(headSlices());
  const spaced = (stepMm: number) => slices.map((slice, z) => ({ ...slice, positionMm: z * stepMm }));

  test("are put together to slabs of neighbours, thick ones are left alone", () => {
    assert.deepEqual(planSlabs(spaced(5), SLAB).length, 30);
    assert.deepEqual(planSlabs(spaced(1), SLAB)[1], [5, 6, 7, 8, 9]);
    assert.deepEqual(planSlabs(spaced(1), undefined).length, 30);
  });

  test("are not averaged over a gap, nor over a change of the grid", () => {
    const gap = spaced(1).map((slice, z) => ({ ...slice, positionMm: slice.positionMm + (z >= 7 ? 3 : 0) }));
    assert.deepEqual(planSlabs(gap, SLAB)[1], [5, 6]);
    const zoomed = spaced(1).map((slice, z) =>
      z >= 7 ? { ...slice, pixelSpacingMm: [0.4, 0.4] as [number, number] } : slice,
    );
    assert.deepEqual(planSlabs(zoomed, SLAB)[1], [5, 6]);
  });

  test("of a tilted gantry are laid over each other before they are averaged", () => {
    const [middle] = slices;
    const { rows, columns, cornerMm, pixelSpacingMm } = middle!;
    const dot = (x: number) =>
      Int16Array.from({ length: rows * columns }, (_, i) => (i === 100 * columns + x ? 1000 : 0));
    const sum = new SlabSum(middle!);
    sum.add(cornerMm, dot(50));
    sum.add([cornerMm[0] + 2 * pixelSpacingMm[1], cornerMm[1], cornerMm[2]], dot(48));
    assert.equal(sum.mean()[100 * columns + 50], 1000);
  });
});

describe("a thin series", () => {
  let tools: TestTools;
  before(async () => {
    tools = await startAnalysisTools();
  });
  after(() => tools.stop());
  const analyse = (source: StudySource) => analyseStudy(source, tools, { selection: tools.selection });

  test("is scored as slabs: every image has its slab's values, and key slices are images that were read", async () => {
    const analysis = await analyse(thinSource(thinHead(PHANTOM_BLEED)));
    assert.ok(wasAnalysed(analysis));
    const { result } = analysis;
    assert.equal(result.flag, "critical");
    assert.equal(result.slices.length, 150);
    assert.equal(new Set(result.slices.map(({ probabilities }) => probabilities.any)).size, 30);
    assert.deepEqual(
      result.warnings.filter(({ limitsFlag }) => limitsFlag),
      [],
    );
    for (const { sopInstanceUid, z } of result.findings.flatMap(({ keySlices }) => keySlices)) {
      assert.equal(result.slices[z]!.sopInstanceUid, sopInstanceUid);
    }
    assert.equal(analysis.heatMap?.slices.length, 150);
  });

  test("whose images lie elsewhere than the metadata say is not read as if they did", async () => {
    const source = thinSource(thinHead(PHANTOM_BLEED), { lyingAbout: 60 });
    const { result } = await analyse(source);
    assert.equal(result.state, "not-analysed");
    assert.match(result.warnings.map(({ message }) => message).join(), /another size or position/);
  });
});

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import type { NaturalDataset } from "dcmjs";
import type { Analysed } from "../../src/contract/result.ts";
import { notSeenOf } from "../../src/contract/warning.ts";
import { openFolder } from "../../src/dicom/folder-source.ts";
import { SOP_CLASS } from "../../src/dicom/uids.ts";
import { ctSeries } from "../../src/phantom/ct-series.ts";
import { type HuVolume, withBleed } from "../../src/phantom/hu-volume.ts";
import { headPhantom, PHANTOM_BLEED } from "../../src/phantom/phantoms.ts";
import { buildStructuredReport } from "../../src/reports/structured-report.ts";
import { analyseStudy } from "../../src/scoring/analyse-study.ts";
import { wasAnalysed } from "../../src/scoring/analysis.ts";
import { startAnalysisTools, type TestTools } from "../support/analysis-tools.ts";
import { headStudy } from "../support/studies.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const HEAD = headPhantom();
const BLEEDING = withBleed(HEAD, PHANTOM_BLEED);
const SERIES = headStudy("odd").seriesInstanceUid;
const isBleedSlice = (_: unknown, z: number) => z >= 11 && z <= 19;
/** Nothing tells when an image was taken, as after a zealous de-identification. */
const NO_TIMES = { AcquisitionDate: undefined, AcquisitionTime: undefined, AcquisitionNumber: undefined };

let tools: TestTools;
before(async () => {
  tools = await startAnalysisTools();
});
after(() => tools.stop());

/** Images of one and the same series; another key makes other SOP Instance UIDs. */
function images(volume: HuVolume, seriesKey: string, attributes: NaturalDataset = {}): Uint8Array[] {
  return ctSeries(volume, {
    ...{ studyKey: "odd", seriesKey, patientName: "Test^Odd", patientId: "1", studyDescription: "CT head" },
    attributes: { SeriesInstanceUID: SERIES, ...attributes },
  }).instances.map(({ bytes }) => bytes);
}

async function read(...files: Uint8Array[]): Promise<Analysed> {
  const dir = temporaryFolder();
  for (const [i, bytes] of files.entries()) writeFileSync(path.join(dir, `${i}.dcm`), bytes);
  const [study] = await openFolder(dir);
  const analysis = await analyseStudy(study!, tools, { selection: tools.selection });
  assert.ok(wasAnalysed(analysis), JSON.stringify(analysis.result.warnings));
  assert.ok(buildStructuredReport(analysis).bytes.length > 0);
  return analysis.result;
}

describe("a bleed is found in whichever image of a place shows it", () => {
  for (const [name, first, second] of [
    ["a repeat that is told apart by its number and time", {}, { AcquisitionNumber: 2, AcquisitionTime: "141600" }],
    ["a second phase that nothing tells apart", NO_TIMES, NO_TIMES],
  ] as const) {
    test(`in one series: ${name}`, async () => {
      for (const [a, b] of [
        [HEAD, BLEEDING],
        [BLEEDING, HEAD],
      ] as const) {
        const result = await read(...images(a, "a", first), ...images(b, "b", second));
        assert.equal(result.flag, "critical");
        assert.deepEqual(notSeenOf(result.warnings), []);
      }
    });
  }

  test("where slices without it lie over those with it", async () => {
    const result = await read(...images(BLEEDING, "a"), ...images(HEAD, "b").filter(isBleedSlice));
    assert.equal(result.flag, "critical");
    assert.equal(result.slices.length, 39);
  });
});

describe("what is no slice of the head does not make it undetermined", () => {
  const few = { ...HEAD, slices: 12, hu: HEAD.hu.slice(0, 12 * HEAD.rows * HEAD.columns) };

  test("copies under other UIDs", async () => {
    assert.equal((await read(...images(HEAD, "a"), ...images(HEAD, "b"))).flag, "negative");
  });

  test("localizers and screen captures in its series", async () => {
    const localizers = images(few, "localizer", {
      ImageType: ["ORIGINAL", "PRIMARY", "LOCALIZER"],
      ImageOrientationPatient: [0, 1, 0, 0, 0, -1],
    });
    const captures = images(few, "capture", {
      SOPClassUID: SOP_CLASS.secondaryCapture,
      ...{ BitsAllocated: 8, BitsStored: 8, HighBit: 7, PixelRepresentation: 0 },
      ...{ PixelData: new ArrayBuffer(HEAD.rows * HEAD.columns), _vrMap: { PixelData: "OB" } },
      ...{ ImagePositionPatient: undefined, ImageOrientationPatient: undefined },
    });
    const result = await read(...images(HEAD, "a"), ...localizers, ...captures);
    assert.equal(result.flag, "negative");
    assert.match(result.warnings[0]!.message, /^24 of 54 images do not fit and were not read/);
  });
});

test("a few slices that were taken twice do not stand for the part of the head that is missing", async () => {
  const again = images({ ...HEAD, hu: HEAD.hu.map((hu) => hu + 1) }, "b");
  const result = await read(...images(HEAD, "a").slice(0, 22), ...again.slice(2, 5));
  assert.equal(result.slices.length, 25);
  assert.equal(result.flag, "undetermined");
  assert.match(notSeenOf(result.warnings).join(), /110 mm of the head covered/);
});

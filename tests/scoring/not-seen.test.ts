import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import type { NaturalDataset } from "dcmjs";
import { notSeenOf } from "../../src/contract/warning.ts";
import { statusWords } from "../../src/contract/words.ts";
import { openFolder } from "../../src/dicom/folder-source.ts";
import { type CtSeriesOptions, ctSeries } from "../../src/phantom/ct-series.ts";
import { averageSlabs, type HuVolume, withBleed } from "../../src/phantom/hu-volume.ts";
import { headPhantom, PHANTOM_BLEED } from "../../src/phantom/phantoms.ts";
import { buildStructuredReport } from "../../src/reports/structured-report.ts";
import { analyseStudy } from "../../src/scoring/analyse-study.ts";
import { type AnalysedStudy, wasAnalysed } from "../../src/scoring/analysis.ts";
import { startAnalysisTools, type TestTools } from "../support/analysis-tools.ts";
import { named, readContentTree, readDataset } from "../support/content-tree.ts";
import { edited } from "../support/edited.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** Where the bleed of these heads lies: slices 11 to 19 of 30. */
const HEAD = headPhantom();
const BLEEDING = withBleed(HEAD, PHANTOM_BLEED);
const BLEED_SLICES = [11, 19] as const;
const isBleedSlice = (z: number) => z >= BLEED_SLICES[0] && z <= BLEED_SLICES[1];

let tools: TestTools;
before(async () => {
  tools = await startAnalysisTools();
});
after(() => tools.stop());

function series(volume: HuVolume, options: Partial<CtSeriesOptions> = {}) {
  return ctSeries(volume, {
    studyKey: "not seen",
    patientName: "Test^Not Seen",
    patientId: "1",
    studyDescription: "CT head",
    ...options,
  }).instances.map(({ bytes }) => bytes);
}

const changed = (attributes: NaturalDataset, volume = BLEEDING) => series(volume, { attributes });

async function analysed(files: Uint8Array[]): Promise<AnalysedStudy> {
  const dir = temporaryFolder();
  for (const [i, bytes] of files.entries()) writeFileSync(path.join(dir, `${i}.dcm`), bytes);
  const [study] = await openFolder(dir);
  const analysis = await analyseStudy(study!, tools, { selection: tools.selection });
  assert.ok(wasAnalysed(analysis), JSON.stringify(analysis.result.warnings));
  return analysis;
}

/** What the report says: the outcome of the analysis, and the comments on what was not seen. */
function reported(analysis: AnalysedStudy) {
  const [evaluations] = named(readContentTree(buildStructuredReport(analysis).bytes), "C0034375");
  const outcome = named(evaluations, "111017").map(({ value }) => value);
  const comments = named(evaluations, "121106").map(({ value }) => String(value));
  const absent = evaluations!.children.filter(({ value }) => value === "272519000").length;
  return { outcome, notSeen: comments.filter((text) => text.startsWith("Not seen: ")), absent };
}

/** Studies with a bleed exactly where Vigil does not see, and what must be said of it. */
const CASES: Record<string, { files: () => Uint8Array[]; notSeen: RegExp }> = {
  "slices that are cut off": {
    files: () =>
      series(BLEEDING).map((bytes, z) => (isBleedSlice(z) && z % 2 === 1 ? bytes.subarray(0, 60_000) : bytes)),
    notSeen: /5 slices not read/,
  },
  "slices that are missing": {
    files: () => series(BLEEDING).filter((_, z) => !isBleedSlice(z)),
    notSeen: /gap/,
  },
  "slices with wide even gaps between them": {
    files: () => {
      const thin = { SliceThickness: "1" };
      return changed(thin).filter((_, z) => z % 2 === 0);
    },
    notSeen: /gap|between slices/,
  },
  "a head whose upper part was not scanned": {
    files: () => series(withBleed(HEAD, { ...PHANTOM_BLEED, centre: [160, 135, 26] })).slice(0, 20),
    notSeen: /100 mm|head/,
  },
  "slices whose values are not HU": {
    files: () => {
      const wrong = changed({ RescaleType: "US", RescaleSlope: "0" });
      return series(BLEEDING).map((bytes, z) => (isBleedSlice(z) && z % 2 === 0 ? wrong[z]! : bytes));
    },
    notSeen: /4 slices not read/,
  },
  "slices that are blank": {
    files: () => {
      const blank = { ...BLEEDING, hu: BLEEDING.hu.slice() };
      const size = blank.rows * blank.columns;
      blank.hu.fill(-1000, BLEED_SLICES[0] * size, (BLEED_SLICES[1] + 1) * size);
      return series(blank);
    },
    notSeen: /9 slices .*blank/,
  },
  "slices that lie in another plane": {
    files: () => {
      const other = changed({ ImageOrientationPatient: [1, 0, 0, 0, 0, -1] });
      return series(BLEEDING).map((bytes, z) => (z >= 12 && z <= 17 ? other[z]! : bytes));
    },
    notSeen: /6 (images|slices) not read/,
  },
  "a later scan that cannot be read": {
    files: () => {
      const later = series(BLEEDING, {
        seriesKey: "later",
        attributes: { AcquisitionNumber: 2, AcquisitionTime: "141600", SeriesTime: "141600", SeriesNumber: 5 },
      });
      return [...series(HEAD), ...later.map((bytes) => bytes.subarray(0, 60_000))];
    },
    notSeen: /1 head acquisition not read/,
  },
  "files beside it that cannot be read": {
    files: () => series(BLEEDING).map((bytes, z) => (isBleedSlice(z) ? bytes.subarray(0, 300) : bytes)),
    notSeen: /9 files not readable/,
  },
};

describe('a bleed exactly where Vigil does not see is never "no bleed found"', () => {
  for (const [name, { files, notSeen }] of Object.entries(CASES)) {
    test(name, async () => {
      const analysis = await analysed(files());
      const { result } = analysis;
      assert.notEqual(result.flag, "negative");
      assert.match(notSeenOf(result.warnings).join("; "), notSeen);
      assert.ok(result.findings.every(({ presence }) => presence !== "absent"));
      // What the list and the terminal say.
      const [first] = notSeenOf(result.warnings);
      assert.ok(statusWords({ ...result, notSeen: notSeenOf(result.warnings) }).text.includes(first!));
      const report = reported(analysis);
      assert.deepEqual(report.outcome, [result.flag === "critical" ? "111244" : "111243"]);
      assert.equal(report.notSeen.length, notSeenOf(result.warnings).length);
      assert.equal(report.absent, 0);
    });
  }
});

test("the same head without the bleed, seen whole, is negative or undetermined by its probability alone", async () => {
  const analysis = await analysed(series(averageSlabs({ ...HEAD, slices: 30 }, 1)));
  assert.deepEqual(notSeenOf(analysis.result.warnings), []);
});

test("what was not seen never lowers a positive", async () => {
  const { result } = await analysed(series(BLEEDING).filter((_, z) => z < 22 || z > 25));
  assert.equal(result.flag, "critical");
  assert.match(notSeenOf(result.warnings).join(), /gap/);
});

describe("several heads in a study", () => {
  const LATER = { AcquisitionNumber: 2, AcquisitionTime: "141600", SeriesTime: "141600", SeriesNumber: 5 };

  test("a control scan with a bleed is read beside the first without, and its series answers for the study", async () => {
    const later = ctSeries(BLEEDING, {
      studyKey: "control",
      seriesKey: "later",
      patientName: "A",
      patientId: "1",
      studyDescription: "CT head",
      attributes: LATER,
    });
    const first = series(HEAD, { studyKey: "control" });
    const { result } = await analysed([...first, ...later.instances.map(({ bytes }) => bytes)]);
    assert.equal(result.flag, "critical");
    assert.equal(result.seriesInstanceUid, later.seriesInstanceUid);
    assert.equal(result.slices.length, 60);
    assert.equal(result.series.filter(({ chosen }) => chosen).length, 2);
    const any = result.findings.find(({ label }) => label === "any")!;
    for (const slice of any.keySlices) {
      assert.equal(slice.seriesInstanceUid, later.seriesInstanceUid);
      assert.equal(result.slices[slice.z]!.sopInstanceUid, slice.sopInstanceUid);
    }
  });

  test("a head in two parts, the skull base thin and the vault thick, is one whole head", async () => {
    const size = HEAD.rows * HEAD.columns;
    const vault = { ...BLEEDING, slices: 20, hu: BLEEDING.hu.slice(10 * size) };
    const up = series(vault, { studyKey: "parts", seriesKey: "vault", attributes: { SeriesNumber: 3 } });
    const base = series({ ...BLEEDING, slices: 10, hu: BLEEDING.hu.slice(0, 10 * size) }, { studyKey: "parts" });
    const lifted = up.map((bytes, z) => moved(bytes, (z + 10) * 5));
    const { result } = await analysed([...base, ...lifted]);
    assert.equal(result.flag, "critical");
    assert.equal(result.slices.length, 30);
    assert.deepEqual(notSeenOf(result.warnings), []);
  });
});

test("a series that cannot be read gives way to the next best of the same scan, and it is said", async () => {
  const broken = series(BLEEDING).map((bytes) => bytes.subarray(0, 60_000));
  const other = series(BLEEDING, {
    seriesKey: "smooth",
    seriesDescription: "Head 5.0 H20s",
    attributes: { SeriesNumber: 7 },
  });
  const { result } = await analysed([...broken, ...other]);
  assert.equal(result.flag, "critical");
  assert.equal(result.slices.length, 30);
  assert.match(result.warnings.map(({ message }) => message).join(), /cannot be read whole/);
  assert.deepEqual(notSeenOf(result.warnings), []);
});

/** The same image at another height. */
function moved(bytes: Uint8Array, positionMm: number): Uint8Array {
  const [x, y] = readDataset(bytes).ImagePositionPatient as [number, number];
  return edited(bytes, { ImagePositionPatient: [x, y, positionMm] });
}

describe("a part of the head that is scanned again", () => {
  const again = (attributes: NaturalDataset) => {
    const size = HEAD.rows * HEAD.columns;
    const part = { ...HEAD, slices: 12, hu: HEAD.hu.slice(0, 12 * size) };
    return series(part, { seriesKey: "again", attributes: { AcquisitionNumber: 2, SeriesNumber: 5, ...attributes } });
  };

  test("within minutes does not limit what the whole one shows", async () => {
    const files = again({ AcquisitionTime: "101900", SeriesTime: "101900" });
    const { result } = await analysed([...series(HEAD), ...files]);
    assert.deepEqual(notSeenOf(result.warnings), []);
    assert.match(result.warnings.map(({ message }) => message).join(), /same session shows the whole head/);
    assert.equal(result.slices.length, 42);
  });

  test("limits it where nothing tells that both are of one session", async () => {
    const nameless = { FrameOfReferenceUID: "", AcquisitionTime: "", AcquisitionDate: "", SeriesTime: "" };
    const { result } = await analysed([...series(HEAD, { attributes: nameless }), ...again(nameless)]);
    assert.match(notSeenOf(result.warnings).join(), /60 mm/);
  });

  test("hours later may miss what came meanwhile", async () => {
    const files = again({ AcquisitionTime: "161900", SeriesTime: "161900" });
    const { result } = await analysed([...series(HEAD), ...files]);
    assert.match(notSeenOf(result.warnings).join(), /60 mm/);
    assert.notEqual(result.flag, "negative");
  });
});

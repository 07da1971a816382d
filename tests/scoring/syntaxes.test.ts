import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { openFolder } from "../../src/dicom/folder-source.ts";
import { parsePart10, transferSyntaxOf } from "../../src/dicom/part10.ts";
import { TRANSFER_SYNTAX } from "../../src/dicom/uids.ts";
import { type CtSeriesOptions, ctSeries } from "../../src/phantom/ct-series.ts";
import { enhancedCt } from "../../src/phantom/enhanced-ct.ts";
import { withBleed } from "../../src/phantom/hu-volume.ts";
import { headPhantom, PHANTOM_BLEED } from "../../src/phantom/phantoms.ts";
import { buildStructuredReport } from "../../src/reports/structured-report.ts";
import { analyseStudy } from "../../src/scoring/analyse-study.ts";
import { type AnalysedStudy, wasAnalysed } from "../../src/scoring/analysis.ts";
import { startAnalysisTools, type TestTools } from "../support/analysis-tools.ts";
import { rewritten } from "../support/dcmtk.ts";
import { encapsulatedFile, htj2kFrame } from "../support/encoded-frames.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const HEAD = withBleed(headPhantom(), PHANTOM_BLEED);
const OPTIONS: CtSeriesOptions = {
  studyKey: "syntaxes",
  patientName: "Test^Syntax",
  patientId: "1",
  studyDescription: "CT head",
};
/** What JPEG Extended can hold; the same HU. */
const TWELVE_BIT = { BitsStored: 12, HighBit: 11, PixelRepresentation: 0 };

const folder = temporaryFolder();
const filesOf = (options: Partial<CtSeriesOptions> = {}) =>
  ctSeries(HEAD, { ...OPTIONS, ...options }).instances.map(({ bytes }) => bytes);
const PLAIN = filesOf();

let tools: TestTools;
let original: AnalysedStudy;
before(async () => {
  tools = await startAnalysisTools();
  original = await analysed(PLAIN);
});
after(() => tools.stop());

async function analysed(files: Uint8Array[]): Promise<AnalysedStudy> {
  const dir = temporaryFolder();
  for (const [i, bytes] of files.entries()) writeFileSync(path.join(dir, `${i}.dcm`), bytes);
  const [study] = await openFolder(dir);
  const analysis = await analyseStudy(study!, tools, { selection: tools.selection });
  assert.ok(wasAnalysed(analysis), JSON.stringify(analysis.result.warnings));
  assert.equal(analysis.result.flag, "critical");
  assert.equal(analysis.result.slices.length, HEAD.slices);
  assert.deepEqual(analysis.result.warnings, []);
  assert.ok(buildStructuredReport(analysis).bytes.length > 0);
  return analysis;
}

function probabilitiesOf({ result }: AnalysedStudy) {
  return { study: result.probabilities, slices: result.slices.map(({ probabilities }) => probabilities) };
}

function written(files: Uint8Array[], syntax: string, command: string): Uint8Array[] {
  const [tool, ...options] = command.split(" ") as [string, ...string[]];
  const all = files.map((file) => rewritten(file, folder, tool, ...options));
  for (const file of all) assert.equal(transferSyntaxOf(parsePart10(file, command)), syntax);
  return all;
}

const LOSSLESS = [
  ["implicitLittleEndian", "dcmconv +ti"],
  ["explicitBigEndian", "dcmconv +tb"],
  ["deflatedExplicitLittleEndian", "dcmconv +td"],
  ["rleLossless", "dcmcrle"],
  ["jpegLossless", "dcmcjpeg +el"],
  ["jpegLosslessFirstOrder", "dcmcjpeg +e1"],
  ["jpegLsLossless", "dcmcjpls +el"],
  ["jpeg2000Lossless", "gdcmconv --j2k"],
] as const;

describe("a bleeding head has the very same probabilities and content", () => {
  const assertSame = (same: AnalysedStudy) => {
    assert.deepEqual(probabilitiesOf(same), probabilitiesOf(original));
    assert.equal(same.contentHash, original.contentHash);
  };

  for (const [syntax, command] of LOSSLESS) {
    test(`as ${syntax}`, async () => {
      assertSame(await analysed(written(PLAIN, TRANSFER_SYNTAX[syntax], command)));
    });
  }

  for (const syntax of ["htj2kLossless", "htj2kLosslessRpcl"] as const) {
    test(`as ${syntax}`, async () => {
      const uid = TRANSFER_SYNTAX[syntax];
      const encoded = PLAIN.map(async (file) => encapsulatedFile(file, uid, [(await htj2kFrame(file, uid)).bytes]));
      assertSame(await analysed(await Promise.all(encoded)));
    });
  }

  test("when every slice is compressed otherwise", async () => {
    const mixed = PLAIN.map((file, z) => {
      const [syntax, command] = LOSSLESS[z % LOSSLESS.length]!;
      return written([file], TRANSFER_SYNTAX[syntax], command)[0]!;
    });
    assertSame(await analysed(mixed));
  });
});

describe("a bleeding head is flagged, with nearly the same probabilities,", () => {
  const assertNear = (lossy: AnalysedStudy) => {
    const [a, b] = [lossy, original].map(({ result }) => result.probabilities!.any) as [number, number];
    assert.ok(Math.abs(a - b) < 0.05, `${a} instead of ${b}`);
  };

  test("as JPEG Extended of 12 bits", async () => {
    assertNear(
      await analysed(written(filesOf({ attributes: TWELVE_BIT }), TRANSFER_SYNTAX.jpegExtended, "dcmcjpeg +ee")),
    );
  });

  test("as near-lossless JPEG-LS", async () => {
    const files = filesOf({ attributes: TWELVE_BIT });
    assertNear(await analysed(written(files, TRANSFER_SYNTAX.jpegLsNearLossless, "gdcmconv --jpegls --lossy -e 3")));
  });

  test("as lossy JPEG 2000", async () => {
    assertNear(await analysed(written(PLAIN, TRANSFER_SYNTAX.jpeg2000, "gdcmconv --j2k --lossy -r 8")));
  });

  test("as lossy HTJ2K", async () => {
    const uid = TRANSFER_SYNTAX.htj2k;
    const encoded = PLAIN.map(async (file) => encapsulatedFile(file, uid, [(await htj2kFrame(file, uid)).bytes]));
    assertNear(await analysed(await Promise.all(encoded)));
  });
});

describe("a bleeding head as one Enhanced CT has the very same probabilities", () => {
  const enhanced = enhancedCt(HEAD, OPTIONS);

  test("uncompressed", async () => {
    assert.deepEqual(probabilitiesOf(await analysed([enhanced])), probabilitiesOf(original));
  });

  for (const [syntax, command] of LOSSLESS.filter((_, i) => i % 2 === 1)) {
    test(`as ${syntax}`, async () => {
      const same = await analysed(written([enhanced], TRANSFER_SYNTAX[syntax], command));
      assert.deepEqual(probabilitiesOf(same), probabilitiesOf(original));
    });
  }
});

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { parsePart10, transferSyntaxOf } from "../../src/dicom/part10.ts";
import { TRANSFER_SYNTAX } from "../../src/dicom/uids.ts";
import { Pacs } from "../../src/dicomweb/pacs.ts";
import { PacsStudySource } from "../../src/dicomweb/pacs-source.ts";
import { rewritten } from "../support/dcmtk.ts";
import { TestPacs } from "../support/pacs.ts";
import { readSeries } from "../support/read-series.ts";
import { bleedingHeadStudy, filesOf } from "../support/studies.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const SLICES = 15;
const ROUNDS = 3;

/** Four times 15 images, and how each is made. */
const COMPRESSIONS = [
  ["JPEG 2000", TRANSFER_SYNTAX.jpeg2000Lossless, "gdcmconv", "--j2k"],
  ["JPEG-LS", TRANSFER_SYNTAX.jpegLsLossless, "gdcmconv", "--jpegls"],
  ["RLE", TRANSFER_SYNTAX.rleLossless, "dcmcrle"],
  ["JPEG Lossless", TRANSFER_SYNTAX.jpegLosslessFirstOrder, "dcmcjpeg"],
] as const;

describe("compressed images in an Orthanc whose GDCM plugin decodes", () => {
  const folder = temporaryFolder();
  const series = COMPRESSIONS.map(([name]) => bleedingHeadStudy(`compressed by ${name}`));
  /** By SOP Instance UID. */
  const stored = new Map<string, Uint8Array>();
  let orthanc: TestPacs;

  before(async () => {
    orthanc = await TestPacs.start({ gdcm: true });
    for (const [i, [, transferSyntax, tool, ...options]] of COMPRESSIONS.entries()) {
      for (const bytes of filesOf(series[i]!).slice(0, SLICES)) {
        const file = rewritten(bytes, folder, tool, ...options);
        const dataset = parsePart10(file, tool, { untilPixels: true });
        assert.equal(transferSyntaxOf(dataset), transferSyntax);
        stored.set(dataset.string("x00080018")!, file);
        await orthanc.send([file]);
      }
    }
  });
  after(() => orthanc.close());

  test("arrive as they are stored, again and again, and Orthanc does not break down", async () => {
    const pacs = new Pacs(orthanc.config({ parallelRetrievals: 8 }));
    for (let round = 0; round < ROUNDS; round++) {
      let arrived = 0;
      for (const { studyInstanceUid, seriesInstanceUid } of series) {
        for await (const { bytes } of readSeries(new PacsStudySource(pacs, studyInstanceUid), seriesInstanceUid)) {
          const uid = parsePart10(bytes, "what arrived", { untilPixels: true }).string("x00080018")!;
          assert.ok(Buffer.from(stored.get(uid)!).equals(bytes), uid);
          arrived += 1;
        }
      }
      assert.equal(arrived, COMPRESSIONS.length * SLICES);
    }
    assert.ok(orthanc.isRunning());
  });
});

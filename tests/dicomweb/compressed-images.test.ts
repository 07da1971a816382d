import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { readSlices } from "../../src/dicom/slice.ts";
import { PacsStudySource } from "../../src/dicomweb/pacs-source.ts";
import { rewritten } from "../support/dcmtk.ts";
import { TestPacs } from "../support/pacs.ts";
import { bleedingHeadStudy, filesOf } from "../support/studies.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const SLICES = 3;

describe("images that the PACS holds compressed", () => {
  const folder = temporaryFolder();
  let pacs: TestPacs;
  before(async () => {
    pacs = await TestPacs.start();
  });
  after(() => pacs.close());

  for (const [name, tool, ...options] of [
    ["RLE", "dcmcrle"],
    ["JPEG Lossless", "dcmcjpeg"],
    ["JPEG-LS Lossless", "dcmcjpls"],
  ] as const) {
    test(`by ${name} arrive with the very pixels that the scanner made`, async () => {
      const series = bleedingHeadStudy(`compressed by ${name}`);
      const originals = filesOf(series).slice(0, SLICES);
      await pacs.send(originals.map((bytes) => rewritten(bytes, folder, tool, ...options)));
      const arrived = new Map<string, Int16Array>();
      for await (const instance of new PacsStudySource(pacs.client(), series.studyInstanceUid).readSeries(
        series.seriesInstanceUid,
      )) {
        const [slice] = await readSlices(instance);
        arrived.set(slice!.header.sopInstanceUid, slice!.hu);
      }
      assert.equal(arrived.size, SLICES);
      for (const bytes of originals) {
        const [slice] = await readSlices({ bytes, file: null });
        assert.deepEqual(arrived.get(slice!.header.sopInstanceUid), slice!.hu);
      }
    });
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import dcmjs from "dcmjs";
import { headersFromDataSet, headersFromMetadata } from "../../src/dicom/header.ts";
import { parsePart10 } from "../../src/dicom/part10.ts";
import { readSlices } from "../../src/dicom/slice.ts";
import type { InstanceHeader } from "../../src/dicom/source.ts";
import { SOP_CLASS } from "../../src/dicom/uids.ts";
import { ctSeries } from "../../src/phantom/ct-series.ts";
import { type EnhancedCtOptions, enhancedCt } from "../../src/phantom/enhanced-ct.ts";
import type { HuVolume } from "../../src/phantom/hu-volume.ts";
import { headPhantom } from "../../src/phantom/phantoms.ts";
import { ctImage } from "../support/ct-image.ts";
import { rewritten } from "../support/dcmtk.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const folder = temporaryFolder();

const WHO = { studyKey: "enhanced", patientName: "Test^Patient", patientId: "1", studyDescription: "CT head" };
const TINY: HuVolume = {
  rows: 2,
  columns: 2,
  slices: 3,
  hu: Int16Array.from([0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23]),
  pixelSpacingMm: 0.5,
  sliceSpacingMm: 4,
};

function headers(bytes: Uint8Array): InstanceHeader[] {
  return headersFromDataSet(parsePart10(bytes, "x.dcm"), "x.dcm");
}

function enhanced(options: Partial<EnhancedCtOptions> = {}): Uint8Array {
  return enhancedCt(TINY, { ...WHO, ...options });
}

test("the frames of an enhanced CT read as the slices of the same head one by one", async () => {
  const volume = headPhantom();
  const frames = await readSlices({ bytes: enhancedCt(volume, WHO), file: null });
  const { instances } = ctSeries(volume, WHO);
  assert.equal(frames.length, instances.length);
  for (const [i, frame] of frames.entries()) {
    const [slice] = await readSlices({ bytes: instances[i]!.bytes, file: null });
    assert.ok(Buffer.from(frame.hu.buffer).equals(Buffer.from(slice!.hu.buffer)), `frame ${i + 1}`);
    assert.deepEqual(frame.windowHu, slice!.windowHu);
    assert.deepEqual(frame.header, {
      ...slice!.header,
      sopClassUid: SOP_CLASS.enhancedCtImage,
      sopInstanceUid: frame.header.sopInstanceUid,
      instanceNumber: 1,
      imageType: ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"],
      numberOfFrames: 30,
      frameNumber: i + 1,
    });
  }
});

test("WADO-RS metadata of an enhanced CT gives the same headers as the file, in every transfer syntax", () => {
  const bytes = enhanced();
  const { dict } = dcmjs.data.DicomMessage.readFile(bytes.slice().buffer);
  delete dict["7FE00010"];
  dict["00100010"] = { vr: "PN", Value: [{ Alphabetic: "Test^Patient" }] };
  const expected = headers(bytes);
  assert.deepEqual(headersFromMetadata(JSON.parse(JSON.stringify(dict))), expected.map(withoutReferrer));
  for (const option of ["+ti", "+tb", "+td", "-e"]) {
    assert.deepEqual(headers(rewritten(bytes, folder, "dcmconv", option)), expected, option);
  }
});

/** dcmjs writes an empty name as an empty value, which is the same. */
function withoutReferrer(header: InstanceHeader): InstanceHeader {
  return { ...header, study: { ...header.study, referringPhysicianName: "" } };
}

test("what a frame says of itself goes before what all share, and that before the whole", async () => {
  const bytes = enhanced({
    frameGroups: (slice) =>
      slice === 1
        ? {
            PixelMeasuresSequence: [{ SliceThickness: "2", PixelSpacing: ["0.5", "0.5"] }],
            PixelValueTransformationSequence: [{ RescaleIntercept: "-1014", RescaleSlope: "1", RescaleType: "HU" }],
            CTImageFrameTypeSequence: [{ FrameType: ["DERIVED", "PRIMARY", "VOLUME", "AVERAGE"] }],
            FrameContentSequence: [{ FrameAcquisitionNumber: 7, FrameAcquisitionDateTime: "20260102030405.5" }],
          }
        : {},
    attributes: { KVP: "80" },
  });
  const slices = await readSlices({ bytes, file: null });
  assert.deepEqual(
    slices.map(({ hu }) => hu[0]),
    [0, 20, 20],
  );
  const [first, second] = slices.map(({ header }) => header);
  assert.deepEqual([first!.sliceThicknessMm, second!.sliceThicknessMm], [4, 2]);
  assert.deepEqual([first!.imageType[0], second!.imageType[0]], ["ORIGINAL", "DERIVED"]);
  assert.deepEqual([first!.acquisitionNumber, second!.acquisitionNumber], [1, 7]);
  assert.equal(second!.acquisitionDateTime, "20260102030405.5");
  assert.equal(first!.kvp, 120);
});

test("a legacy converted CT has its kernel and tilt in the unassigned attributes", () => {
  const [header] = headers(
    enhanced({
      sopClassUid: SOP_CLASS.legacyConvertedEnhancedCtImage,
      sharedGroups: {
        CTReconstructionSequence: [],
        UnassignedSharedConvertedAttributesSequence: [{ ConvolutionKernel: "J30s" }],
      },
      frameGroups: () => ({ UnassignedPerFrameConvertedAttributesSequence: [{ GantryDetectorTilt: "-12" }] }),
    }),
  );
  assert.deepEqual([header!.convolutionKernel, header!.gantryTiltDeg], ["J30s", -12]);
});

test("contrast and anatomy are read from their codes", () => {
  const coded = { ContrastBolusAgentSequence: [{ CodeValue: "1", CodeMeaning: "Iohexol" }], BodyPartExamined: "" };
  const region = { FrameAnatomySequence: [{ AnatomicRegionSequence: [{ CodeValue: "1", CodeMeaning: "Brain" }] }] };
  const usage = (given: string) => ({ ContrastBolusUsageSequence: [{ ContrastBolusAgentAdministered: given }] });
  const frameGroups = (slice: number) => usage(slice === 0 ? "NO" : "YES");
  const [before, after] = headers(enhanced({ attributes: coded, sharedGroups: region, frameGroups }));
  assert.deepEqual([before!.contrastBolusAgent, after!.contrastBolusAgent], ["", "Iohexol"]);
  assert.equal(before!.bodyPartExamined, "Brain");
});

test("an enhanced CT of one frame is an image of one frame, read from its groups", async () => {
  const size = TINY.rows * TINY.columns;
  const one = enhancedCt({ ...TINY, slices: 1, hu: TINY.hu.slice(0, size) }, WHO);
  const [slice, ...others] = await readSlices({ bytes: one, file: null });
  assert.equal(others.length, 0);
  assert.equal(slice!.header.frameNumber, null);
  assert.deepEqual(slice!.header.pixelSpacingMm, [0.5, 0.5]);
  assert.deepEqual([...slice!.hu], [0, 1, 2, 3]);
});

test("Number of Frames may be missing where the groups tell", () => {
  const counted = headers(enhanced({ attributes: { NumberOfFrames: undefined } }));
  assert.deepEqual(
    counted.map(({ frameNumber, numberOfFrames }) => [frameNumber, numberOfFrames]),
    [
      [1, 3],
      [2, 3],
      [3, 3],
    ],
  );
});

test("frames without functional groups, or beyond them, have no place: the image's would put them all in one", () => {
  const words = [0, 0, 0, 0];
  const place = { ImagePositionPatient: ["0", "0", "0"], Rows: 2, Columns: 1, NumberOfFrames: "2" };
  for (const header of headers(ctImage(words, place))) {
    assert.equal(header.imagePositionMm, null);
    assert.equal(header.imageOrientation, null);
    assert.equal(header.pixelSpacingMm, null);
    assert.equal(header.sliceThicknessMm, null);
  }
  const [, , , fourth] = headers(enhanced({ attributes: { NumberOfFrames: "4" } }));
  assert.equal(fourth!.imagePositionMm, null);
});

test("a number of frames that is no head makes no list of headers", async () => {
  const bytes = enhanced({ attributes: { NumberOfFrames: "2000000000" } });
  const [header, ...others] = headers(bytes);
  assert.equal(others.length, 0);
  assert.equal(header!.numberOfFrames, 2_000_000_000);
  assert.equal(header!.imagePositionMm, null);
  await assert.rejects(readSlices({ bytes, file: null }), { code: "pixels-unsupported" });
});

test("frames whose rescale is missing, or which deny to be HU, are refused by their number", async () => {
  const transform = (values: object) => ({
    frameGroups: (slice: number) => (slice === 2 ? { PixelValueTransformationSequence: [values] } : {}),
  });
  const refused = (options: Partial<EnhancedCtOptions>, message: RegExp) =>
    assert.rejects(readSlices({ bytes: enhanced(options), file: "x.dcm" }), { code: "values-not-hu", message });
  await refused(
    { sharedGroups: { PixelValueTransformationSequence: [] } },
    /x\.dcm, frame 1: its values are not HU: Rescale Slope is missing/,
  );
  const unspecified = { RescaleIntercept: "-1024", RescaleSlope: "1", RescaleType: "US" };
  await refused(transform(unspecified), /frame 3: its values are not HU: Rescale Type/);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { NaturalDataset } from "dcmjs";
import { readSlices } from "../../src/dicom/slice.ts";
import { ctImage, onlySlice } from "../support/ct-image.ts";
import { rewritten } from "../support/dcmtk.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const folder = temporaryFolder();

async function huOf(words: number[], attributes: NaturalDataset = {}): Promise<number[]> {
  return [...(await onlySlice(ctImage(words, attributes))).hu];
}

async function refused(attributes: NaturalDataset, code: string, message: RegExp): Promise<void> {
  const image = { bytes: ctImage([0, 0, 0, 0], attributes), file: "x.dcm" };
  await assert.rejects(readSlices(image), { code, message: new RegExp(`x\\.dcm.*${message.source}`) });
}

const UNSIGNED = { PixelRepresentation: 0 };
const TWELVE_BITS = { BitsStored: 12, HighBit: 11 };

test("signed and unsigned values of 16 and 12 bits become Hounsfield units", async () => {
  assert.deepEqual(await huOf([0, 1024, 0xffff, 2048]), [-1024, 0, -1025, 1024]);
  assert.deepEqual(await huOf([0, 1024, 0xffff, 2048], UNSIGNED), [-1024, 0, 32767, 1024]);
  const signed = { ...TWELVE_BITS, RescaleIntercept: "0" };
  assert.deepEqual(await huOf([0, 0xfff, 0x7ff, 0x800], signed), [0, -1, 2047, -2048]);
  const unsigned = { ...TWELVE_BITS, ...UNSIGNED };
  assert.deepEqual(await huOf([0, 0xfff, 0x7ff, 0x800], unsigned), [-1024, 3071, 1023, 1024]);
});

test("slope and intercept are applied", async () => {
  const halves = { RescaleSlope: "0.5", RescaleIntercept: "-20.5" };
  assert.deepEqual(await huOf([0, 10, 20, 30], halves), [-20, -15, -10, -5]);
});

test("bits beside the stored ones are ignored", async () => {
  assert.deepEqual(await huOf([0xf400, 0x0400, 0x1400, 0x8400], { ...TWELVE_BITS, ...UNSIGNED }), [0, 0, 0, 0]);
  const shifted = { BitsStored: 12, HighBit: 15, ...UNSIGNED };
  assert.deepEqual(await huOf([0x4000, 0x400f, 0x0000, 0xffff], shifted), [0, 0, -1024, 3071]);
});

test("an image of 8 bits is read where its steps are fine enough, also in big-endian words", async () => {
  const bytes = {
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    ...UNSIGNED,
    RescaleSlope: "5",
    RescaleIntercept: "-1000",
    PixelData: Uint8Array.from([0, 200, 208, 255]).buffer,
  };
  assert.deepEqual(await huOf([0, 0, 0, 0], bytes), [-1000, 0, 40, 275]);
  const odd = { ...bytes, Rows: 1, Columns: 3 };
  assert.deepEqual(await huOf([0, 0, 0, 0], odd), [-1000, 0, 40]);
  const swapped = rewritten(ctImage([0, 0, 0, 0], bytes), folder, "dcmconv", "+tb");
  assert.deepEqual([...(await onlySlice(swapped)).hu], [-1000, 0, 40, 275]);
});

test("padding becomes air, whichever sign it is written with", async () => {
  const signed = {
    RescaleIntercept: "0",
    PixelPaddingValue: 0xf830,
    _vrMap: { PixelData: "OW", PixelPaddingValue: "US" },
  };
  assert.deepEqual(await huOf([0xf830, 40, 0xf831, 0], signed), [-1024, 40, -1999, 0]);
  const range = { ...UNSIGNED, PixelPaddingValue: 65000, PixelPaddingRangeLimit: 65535 };
  const vrMap = { _vrMap: { PixelData: "OW", PixelPaddingValue: "US", PixelPaddingRangeLimit: "US" } };
  assert.deepEqual(await huOf([64000, 65000, 65200, 1024], { ...range, ...vrMap }), [32767, -1024, -1024, 0]);
  const negative = { ...UNSIGNED, PixelPaddingValue: -2000, _vrMap: { PixelData: "OW", PixelPaddingValue: "SS" } };
  assert.deepEqual(await huOf([0xf830, 1064, 0, 1024], negative), [-1024, 40, -1024, 0]);
});

test("padding that takes in tissue is refused: brain would turn into air", async () => {
  const range = (value: number, limit?: number) => ({
    PixelPaddingValue: value,
    PixelPaddingRangeLimit: limit,
    _vrMap: { PixelData: "OW", PixelPaddingValue: "SS", PixelPaddingRangeLimit: "SS" },
  });
  await refused(range(1064), "values-not-hu", /Pixel Padding Value/);
  await refused(range(-2000, 32767), "values-not-hu", /Pixel Padding Value/);
  assert.deepEqual(await huOf([0, 24, 1024, 2048], range(-2000, 24)), [-1024, -1024, 0, 1024]);
});

test("12-bit values whose intercept was forgotten, as in the RSNA data, wrap back below zero", async () => {
  const oddity = { ...TWELVE_BITS, ...UNSIGNED, RescaleIntercept: "-1" };
  assert.deepEqual(await huOf([40, 3095, 3096, 4095], oddity), [40, 3095, -1000, -1]);
});

test("the first window of the header is kept", async () => {
  const windows = { WindowCenter: ["36", "600"], WindowWidth: ["80", "2800"] };
  const { windowHu } = await onlySlice(ctImage([0, 0, 0, 0], windows));
  assert.deepEqual(windowHu, { center: 36, width: 80 });
});

test("every uncompressed transfer syntax gives the same image", async () => {
  const bytes = ctImage([0, 1024, 0xffff, 2048]);
  const options = { "implicit little endian": "+ti", "explicit big endian": "+tb", deflated: "+td" };
  for (const [name, option] of Object.entries(options)) {
    const slice = await onlySlice(rewritten(bytes, folder, "dcmconv", option));
    assert.deepEqual([...slice.hu], [-1024, 0, -1025, 1024], name);
    assert.equal(slice.header.study.patientName, "Test^Patient", name);
    assert.deepEqual([slice.rows, slice.columns], [2, 2], name);
  }
});

test("a file without preamble and meta header is read", async () => {
  const bytes = rewritten(ctImage([0, 1024, 2048, 3072]), folder, "dcmconv", "-F", "+ti");
  assert.notEqual(Buffer.from(bytes.subarray(128, 132)).toString(), "DICM");
  assert.deepEqual([...(await onlySlice(bytes)).hu], [-1024, 0, 1024, 2048]);
});

test("an image at an odd place in memory is read", async () => {
  const bytes = ctImage([0, 1024, 2048, 3072]);
  const shifted = new Uint8Array(bytes.length + 1).subarray(1);
  shifted.set(bytes);
  assert.deepEqual([...(await onlySlice(shifted)).hu], [-1024, 0, 1024, 2048]);
});

test("an image that no decoder knows is refused with the name of its transfer syntax and of its file", async () => {
  const rle = rewritten(ctImage(new Array<number>(64).fill(1024)), folder, "dcmcrle");
  const unknown = Buffer.from(
    Buffer.from(rle).toString("latin1").replace("1.2.840.10008.1.2.5", "1.2.840.10008.1.2.8"),
    "latin1",
  );
  await assert.rejects(readSlices({ bytes: unknown, file: "/data/1.dcm" }), {
    code: "pixels-unsupported",
    message: /\/data\/1\.dcm.*1\.2\.840\.10008\.1\.2\.8/,
  });
  const plain = Buffer.from(
    Buffer.from(rle).toString("latin1").replace("1.2.840.10008.1.2.5\0", "1.2.840.10008.1.2.1\0"),
    "latin1",
  );
  await assert.rejects(readSlices({ bytes: plain, file: null }), { message: /holds compressed frames/ });
});

test("a file that is cut off is refused", async () => {
  const bytes = ctImage([0, 1, 2, 3]);
  await assert.rejects(readSlices({ bytes: bytes.subarray(0, bytes.length - 3), file: "cut.dcm" }), {
    code: "dicom-unreadable",
    message: "cut.dcm cannot be read as DICOM: it is cut off",
  });
  await refused({ Rows: 100, Columns: 100 }, "dicom-unreadable", /8 of 20000 bytes/);
});

test("more pixels than Rows, Columns and Number of Frames tell are refused: some of the head would not be seen", async () => {
  await refused({ Rows: 1 }, "dicom-unreadable", /8 bytes.*more than 1 x 1 x 2/);
  await refused({ NumberOfFrames: "2" }, "dicom-unreadable", /8 of 16 bytes/);
});

test("what no CT image can be is refused before memory is taken for it", async () => {
  await refused({ Rows: 5000, Columns: 5000 }, "pixels-unsupported", /5000 x 5000/);
  await refused({ NumberOfFrames: "5000" }, "pixels-unsupported", /5000 frames/);
  await refused({ Rows: 4096, Columns: 4096, NumberOfFrames: "4000" }, "pixels-unsupported", /512 MiB/);
});

test("what is no CT slice is refused with what it is instead", async () => {
  await refused({ SamplesPerPixel: 3 }, "pixels-unsupported", /colour image \(3 samples per pixel\)/);
  await refused({ PhotometricInterpretation: "PALETTE COLOR" }, "pixels-unsupported", /Photometric Interpretation/);
  for (const bits of [1, 12, 32]) await refused({ BitsAllocated: bits }, "pixels-unsupported", /bits allocated/);
  await refused({ BitsStored: 17 }, "pixels-unsupported", /Bits Stored/);
  await refused({ HighBit: 11 }, "pixels-unsupported", /High Bit/);
  await refused({ Rows: undefined }, "pixels-unsupported", /Rows or Columns is missing/);
  await refused({ PixelRepresentation: undefined }, "pixels-unsupported", /Pixel Representation is missing/);
  await refused({ PixelData: undefined }, "pixels-unsupported", /no pixel data/);
});

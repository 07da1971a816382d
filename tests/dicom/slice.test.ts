import assert from "node:assert/strict";
import { test } from "node:test";
import type { NaturalDataset } from "dcmjs";
import { readSlice } from "../../src/dicom/slice.ts";
import { ctImage } from "../support/ct-image.ts";
import { rewritten } from "../support/dcmtk.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const folder = temporaryFolder();

function huOf(words: number[], attributes: NaturalDataset = {}): number[] {
  return [...readSlice({ bytes: ctImage(words, attributes), file: null }).hu];
}

const UNSIGNED = { PixelRepresentation: 0 };
const TWELVE_BITS = { BitsStored: 12, HighBit: 11 };

test("signed and unsigned values of 16 and 12 bits become Hounsfield units", () => {
  assert.deepEqual(huOf([0, 1024, 0xffff, 2048]), [-1024, 0, -1025, 1024]);
  assert.deepEqual(huOf([0, 1024, 0xffff, 2048], UNSIGNED), [-1024, 0, 32767, 1024]);
  assert.deepEqual(huOf([0, 0xfff, 0x7ff, 0x800], { ...TWELVE_BITS, RescaleIntercept: "0" }), [0, -1, 2047, -2048]);
  assert.deepEqual(huOf([0, 0xfff, 0x7ff, 0x800], { ...TWELVE_BITS, ...UNSIGNED }), [-1024, 3071, 1023, 1024]);
});

test("slope and intercept are applied", () => {
  assert.deepEqual(huOf([0, 10, 20, 30], { RescaleSlope: "0.5", RescaleIntercept: "-20.5" }), [-20, -15, -10, -5]);
});

test("bits beside the stored ones are ignored", () => {
  assert.deepEqual(huOf([0xf400, 0x0400, 0x1400, 0x8400], { ...TWELVE_BITS, ...UNSIGNED }), [0, 0, 0, 0]);
  const shifted = { BitsStored: 12, HighBit: 15, ...UNSIGNED };
  assert.deepEqual(huOf([0x4000, 0x400f, 0x0000, 0xffff], shifted), [0, 0, -1024, 3071]);
});

test("padding becomes air", () => {
  const signed = {
    RescaleIntercept: "0",
    PixelPaddingValue: 0xf830,
    _vrMap: { PixelData: "OW", PixelPaddingValue: "US" },
  };
  assert.deepEqual(huOf([0xf830, 40, 0xf831, 0], signed), [-1024, 40, -1999, 0]);
  const range = { ...UNSIGNED, PixelPaddingValue: 65000, PixelPaddingRangeLimit: 65535 };
  const vrMap = { _vrMap: { PixelData: "OW", PixelPaddingValue: "US", PixelPaddingRangeLimit: "US" } };
  assert.deepEqual(huOf([64000, 65000, 65200, 1024], { ...range, ...vrMap }), [32767, -1024, -1024, 0]);
});

test("12-bit values whose intercept was forgotten, as in the RSNA data, wrap back below zero", () => {
  const oddity = { ...TWELVE_BITS, ...UNSIGNED, RescaleIntercept: "-1" };
  assert.deepEqual(huOf([40, 3095, 3096, 4095], oddity), [40, 3095, -1000, -1]);
});

test("the first window of the header is kept", () => {
  const { windowHu } = readSlice({
    bytes: ctImage([0, 0, 0, 0], { WindowCenter: ["36", "600"], WindowWidth: ["80", "2800"] }),
    file: null,
  });
  assert.deepEqual(windowHu, { center: 36, width: 80 });
});

test("every uncompressed transfer syntax gives the same image", () => {
  const bytes = ctImage([0, 1024, 0xffff, 2048]);
  const options = { "implicit little endian": "+ti", "explicit big endian": "+tb", deflated: "+td" };
  for (const [name, option] of Object.entries(options)) {
    const slice = readSlice({ bytes: rewritten(bytes, folder, "dcmconv", option), file: null });
    assert.deepEqual([...slice.hu], [-1024, 0, -1025, 1024], name);
    assert.equal(slice.header.study.patientName, "Test^Patient", name);
    assert.deepEqual([slice.rows, slice.columns], [2, 2], name);
  }
});

test("a file without preamble and meta header is read", () => {
  const bytes = rewritten(ctImage([0, 1024, 2048, 3072]), folder, "dcmconv", "-F", "+ti");
  assert.notEqual(Buffer.from(bytes.subarray(128, 132)).toString(), "DICM");
  assert.deepEqual([...readSlice({ bytes, file: null }).hu], [-1024, 0, 1024, 2048]);
});

test("an image at an odd place in memory is read", () => {
  const bytes = ctImage([0, 1024, 2048, 3072]);
  const shifted = new Uint8Array(bytes.length + 1).subarray(1);
  shifted.set(bytes);
  assert.deepEqual([...readSlice({ bytes: shifted, file: null }).hu], [-1024, 0, 1024, 2048]);
});

test("a compressed image is refused with the name of its transfer syntax and of its file", () => {
  const words = new Array<number>(64).fill(1024);
  const rle = rewritten(ctImage(words), folder, "dcmcrle");
  assert.throws(() => readSlice({ bytes: rle, file: "/data/1.dcm" }), {
    code: "pixels-unsupported",
    message: /\/data\/1\.dcm.*RLE Lossless \(1\.2\.840\.10008\.1\.2\.5\)/,
  });
  const jpegLs = rewritten(ctImage(words), folder, "dcmcjpls");
  assert.throws(() => readSlice({ bytes: jpegLs, file: null }), { message: /JPEG-LS Lossless/ });
});

test("a file that is cut off is refused", () => {
  const bytes = ctImage([0, 1, 2, 3]);
  assert.throws(() => readSlice({ bytes: bytes.subarray(0, bytes.length - 3), file: "cut.dcm" }), {
    code: "dicom-unreadable",
    message: "cut.dcm cannot be read as DICOM: it is cut off",
  });
  const short = ctImage([0, 1, 2, 3], { Rows: 100, Columns: 100 });
  assert.throws(() => readSlice({ bytes: short, file: "short.dcm" }), {
    code: "dicom-unreadable",
    message: /8 of 20000 bytes/,
  });
});

test("what is no CT slice is refused with what it is instead", () => {
  const refused = (attributes: NaturalDataset, message: RegExp) =>
    assert.throws(() => readSlice({ bytes: ctImage([0, 0, 0, 0], attributes), file: null }), {
      code: "pixels-unsupported",
      message,
    });
  refused({ SamplesPerPixel: 3 }, /colour image \(3 samples per pixel\)/);
  refused({ BitsAllocated: 8 }, /8 bits allocated/);
  refused({ NumberOfFrames: "2" }, /2 frames/);
  refused({ BitsStored: 17 }, /Bits Stored/);
  refused({ Rows: undefined }, /Rows or Columns is missing/);
});

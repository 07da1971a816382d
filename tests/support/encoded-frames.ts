import assert from "node:assert/strict";
import codecs from "dcmjs-codecs";
import type { FrameFormat } from "../../src/dicom/codecs/decode-frame.ts";
import { PIXEL_DATA, parsePart10, transferSyntaxOf, valueBytes } from "../../src/dicom/part10.ts";
import { TRANSFER_SYNTAX } from "../../src/dicom/uids.ts";
import { ctSeries } from "../../src/phantom/ct-series.ts";
import { headPhantom } from "../../src/phantom/phantoms.ts";
import { rewritten } from "./dcmtk.ts";
import { element, implicit, part10, UNDEFINED_LENGTH } from "./hostile-dicom.ts";

export interface StoredFrame {
  transferSyntaxUid: string;
  bytes: Uint8Array;
  format: FrameFormat;
}

/** The first frame of a DICOM file as it is stored, its fragments joined, for images of one frame. */
export function storedFrame(file: Uint8Array): StoredFrame {
  const dataset = parsePart10(file, "an image");
  const element = dataset.elements[PIXEL_DATA];
  assert(element !== undefined, "the image has no pixel data");
  const bitsAllocated = dataset.uint16("x00280100");
  assert(bitsAllocated === 8 || bitsAllocated === 16, "pixels of 8 or 16 bits");
  const fragments = element.fragments?.map(({ position, length }) =>
    dataset.byteArray.subarray(position, position + length),
  );
  return {
    transferSyntaxUid: transferSyntaxOf(dataset),
    bytes: new Uint8Array(fragments === undefined ? valueBytes(dataset, element) : Buffer.concat(fragments)),
    format: {
      rows: dataset.uint16("x00280010")!,
      columns: dataset.uint16("x00280011")!,
      bitsAllocated,
      bitsStored: dataset.uint16("x00280101")!,
      signed: dataset.uint16("x00280103") === 1,
    },
  };
}

/** The pixels of the first frame as dcmtk or GDCM decode them. */
export function referencePixels(file: Uint8Array, folder: string): Uint8Array {
  const { transferSyntaxUid, format } = storedFrame(file);
  const decoded = storedFrame(rewritten(file, folder, ...referenceDecoder(transferSyntaxUid)));
  assert.equal(decoded.transferSyntaxUid, TRANSFER_SYNTAX.explicitLittleEndian);
  return decoded.bytes.subarray(0, (format.rows * format.columns * format.bitsAllocated) / 8);
}

function referenceDecoder(transferSyntaxUid: string): [string, ...string[]] {
  if (transferSyntaxUid === TRANSFER_SYNTAX.rleLossless) return ["dcmdrle"];
  if (/\.4\.[57]\d$/.test(transferSyntaxUid)) return ["dcmdjpeg"];
  if (/\.4\.8[01]$/.test(transferSyntaxUid)) return ["dcmdjpls"];
  return ["gdcmconv", "--raw"];
}

export const PIXEL_KINDS = ["8 bit unsigned", "12 bit unsigned", "16 bit signed"] as const;
export type PixelKind = (typeof PIXEL_KINDS)[number];

/** Generated once: it takes half a second. */
const head = headPhantom();

/** A slice of the phantom with pixels of that kind; a size below 256 is a part from its middle, across the skull. */
export function phantomImage(kind: PixelKind, size = 256): Uint8Array {
  const hu = new Int16Array(size * size);
  const top = head.rows * head.columns * 15 + head.columns * ((head.rows - size) >> 1);
  const left = Math.min(24, head.columns - size);
  for (let row = 0; row < size; row++) {
    const start = top + row * head.columns + left;
    hu.set(head.hu.subarray(start, start + size), row * size);
  }
  const [instance] = ctSeries(
    { ...head, rows: size, columns: size, slices: 1, hu },
    {
      studyKey: `phantom of ${kind}`,
      patientName: "Test^Patient",
      patientId: "1",
      studyDescription: "CT head",
      attributes: pixelAttributes(kind, hu),
    },
  ).instances;
  return instance!.bytes;
}

function pixelAttributes(kind: PixelKind, hu: Int16Array): Record<string, unknown> {
  if (kind === "16 bit signed") return { PixelData: hu.buffer, RescaleIntercept: "0" };
  if (kind === "12 bit unsigned") {
    const words = Uint16Array.from(hu, (value) => Math.max(0, Math.min(4095, value + 1024)));
    return { PixelData: words.buffer, BitsStored: 12, HighBit: 11, PixelRepresentation: 0 };
  }
  const bytes = Uint8ClampedArray.from(hu, (value) => value + 100);
  const bits = { BitsAllocated: 8, BitsStored: 8, HighBit: 7, PixelRepresentation: 0 };
  return { PixelData: bytes.buffer, _vrMap: { PixelData: "OB" }, ...bits, RescaleIntercept: "-100" };
}

/** HTJ2K, which neither dcmtk nor GDCM write; lossless but for the last of the three syntaxes. */
export async function htj2kFrame(file: Uint8Array, transferSyntaxUid: string): Promise<StoredFrame> {
  const { format, bytes } = storedFrame(file);
  await codecs.NativeCodecs.initializeAsync();
  const source = new codecs.Context({
    width: format.columns,
    height: format.rows,
    bitsAllocated: format.bitsAllocated,
    bitsStored: format.bitsStored,
    samplesPerPixel: 1,
    pixelRepresentation: format.signed ? 1 : 0,
    planarConfiguration: 0,
    photometricInterpretation: "MONOCHROME2",
    decodedBuffer: bytes,
  });
  const encoded = codecs.NativeCodecs.encodeHtJpeg2000(source, {
    lossy: transferSyntaxUid === TRANSFER_SYNTAX.htj2k,
    progressionOrder: transferSyntaxUid === TRANSFER_SYNTAX.htj2kLosslessRpcl ? RPCL : LRCP,
  });
  return { transferSyntaxUid, bytes: new Uint8Array(encoded.getEncodedBuffer()!), format };
}

/** Progression orders of JPEG 2000 (ISO/IEC 15444-1 table A.16). */
const [LRCP, RPCL] = [0, 2];

/** Numbers from 0 to 1 that repeat themselves for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A Part 10 file whose frames are stored encapsulated, one fragment each (PS3.5 A.4). */
export function encapsulatedFile(file: Uint8Array, transferSyntaxUid: string, frames: Uint8Array[]): Uint8Array {
  const dataset = parsePart10(file, "an image");
  const metaEnd = META_START + dataset.uint32("x00020000")!;
  const beforePixels = file.subarray(metaEnd, dataset.elements[PIXEL_DATA]!.dataOffset - LONG_HEADER);
  const even = frames.map((frame) => (frame.length % 2 === 0 ? frame : Buffer.concat([frame, Buffer.alloc(1)])));
  const items = [new Uint8Array(0), ...even].map((bytes) => implicit(ITEM, bytes));
  const pixels = element(0x7fe00010, "OB", Buffer.concat([...items, implicit(SEQUENCE_END)]), UNDEFINED_LENGTH);
  return part10([beforePixels, pixels], transferSyntaxUid);
}

/** Preamble, prefix and the group length of the meta header (PS3.10 7.1). */
const META_START = 128 + 4 + 12;
/** Of tag, VR, reserved bytes and length. */
const LONG_HEADER = 12;
const [ITEM, SEQUENCE_END] = [0xfffee000, 0xfffee0dd];

import { BitstreamReader, broken, type CodedImage, unsupported } from "./coded-image.ts";

const SOC = 0xff4f;
const SIZ = 0xff51;
const SOT = 0xff90;
const EOC = 0xffd9;
/** "jP  " and "jp2c", the boxes of a JP2 file (ISO/IEC 15444-1 annex I), which some writers store whole. */
const SIGNATURE_BOX = 0x6a502020;
const CODESTREAM_BOX = 0x6a703263;

/** A decoder keeps some kilobytes for each tile, so that one-pixel tiles are a bomb; writers of CT use 1 to 64. */
const MAX_TILES = 1024;

interface Size extends Omit<CodedImage, "bytes"> {
  tiles: number;
}

/**
 * Reads the header of a JPEG 2000 or HTJ2K codestream (ISO/IEC 15444-1 annex A) and follows its tile-parts: a stream
 * that is cut off decodes to an image which is blurred, or empty in places, and no decoder need say so.
 * @throws VigilError dicom-unreadable, pixels-unsupported
 */
export function readJpeg2000(bytes: Uint8Array): CodedImage {
  const reader = new BitstreamReader(codestream(bytes));
  if (reader.uint16(0) !== SOC || reader.uint16(2) !== SIZ) throw broken("it does not begin with a JPEG 2000 header");
  const { tiles, ...size } = readSize(reader, 4);
  let at = reader.segmentEnd(4);
  while (reader.uint16(at) !== SOT) at = reader.segmentEnd(at + 2);
  return { ...size, bytes: wholeCodestream(reader, at, tiles) };
}

function codestream(bytes: Uint8Array): Uint8Array {
  const reader = new BitstreamReader(bytes);
  if (reader.uint32(4) !== SIGNATURE_BOX) return bytes;
  let at = 0;
  while (reader.uint32(at + 4) !== CODESTREAM_BOX) {
    const length = reader.uint32(at);
    if (length < 8) throw broken("the boxes around its codestream are wrong");
    at += length;
  }
  const length = reader.uint32(at);
  // 0: up to the end. Longer than 4 GB is 1, and no image that fits here.
  if (length !== 0 && (length < 8 || at + length > bytes.length)) throw broken("cut off");
  return bytes.subarray(at + 8, length === 0 ? bytes.length : at + length);
}

/** `at` is that of the segment's length, Lsiz (A.5.1). */
function readSize(reader: BitstreamReader, at: number): Size {
  const [right, bottom, left, top] = [4, 8, 12, 16].map((offset) => reader.uint32(at + offset)) as Numbers;
  const [tileColumns, tileRows, tilesLeft, tilesTop] = [20, 24, 28, 32].map((o) => reader.uint32(at + o)) as Numbers;
  const components = reader.uint16(at + 36);
  const depth = reader.uint8(at + 38);
  if (tileColumns === 0 || tileRows === 0 || tilesLeft > left || tilesTop > top) throw broken("its tiles are wrong");
  const tiles = Math.ceil((right - tilesLeft) / tileColumns) * Math.ceil((bottom - tilesTop) / tileRows);
  if (tiles > MAX_TILES) throw unsupported(`it has ${tiles} tiles; ${MAX_TILES} at most are decoded`);
  if (reader.uint8(at + 39) !== 1 || reader.uint8(at + 40) !== 1) throw unsupported("it is subsampled");
  return {
    rows: bottom - top,
    columns: right - left,
    components,
    precision: (depth & 0x7f) + 1,
    signed: (depth & 0x80) !== 0,
    tiles,
  };
}

type Numbers = [number, number, number, number];

/** Follows the tile-parts (A.4.2) to the end of the codestream; every tile must be there with all its parts. */
function wholeCodestream(reader: BitstreamReader, firstTilePart: number, tiles: number): Uint8Array {
  const { bytes } = reader;
  const found = new Map<number, { parts: number; announced: number }>();
  let at = firstTilePart;
  while (at + 2 <= bytes.length && reader.uint16(at) === SOT) {
    const tile = reader.uint16(at + 4);
    const length = reader.uint32(at + 6);
    const announced = reader.uint8(at + 11);
    const before = found.get(tile) ?? { parts: 0, announced: 0 };
    found.set(tile, { parts: before.parts + 1, announced: announced || before.announced });
    // 0: up to EOC, allowed in the last tile-part alone.
    const end = length === 0 ? lastMarker(bytes, EOC) : at + length;
    if (end <= at + 12 || end > bytes.length) throw broken("cut off in a tile");
    at = end;
  }
  const hasEnd = at + 2 <= bytes.length && reader.uint16(at) === EOC;
  if (found.size !== tiles) throw broken(`it holds ${found.size} of ${tiles} tiles`);
  for (const { parts, announced } of found.values()) {
    const isWhole = announced === 0 ? hasEnd : parts === announced;
    if (!isWhole) throw broken("cut off between two parts of a tile");
  }
  if (hasEnd) return bytes.subarray(0, at + 2);
  const whole = new Uint8Array(at + 2);
  whole.set(bytes.subarray(0, at));
  whole.set([EOC >> 8, EOC & 0xff], at);
  return whole;
}

function lastMarker(bytes: Uint8Array, marker: number): number {
  let at = bytes.length - 2;
  while (at >= 0 && (bytes[at]! << 8) + bytes[at + 1]! !== marker) at--;
  return at;
}

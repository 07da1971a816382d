import { BitstreamReader, broken, type CodedImage, unsupported } from "./coded-image.ts";
import { packetCount, type ReferenceGrid, readCodingStyle, tileCount } from "./jpeg2000-packets.ts";

const SOC = 0xff4f;
const SIZ = 0xff51;
const COD = 0xff52;
const COC = 0xff53;
const SOT = 0xff90;
const SOD = 0xff93;
const EOC = 0xffd9;
/** "jP  " and "jp2c", the boxes of a JP2 file (ISO/IEC 15444-1 annex I), which some writers store whole. */
const SIGNATURE_BOX = 0x6a502020;
const CODESTREAM_BOX = 0x6a703263;

/**
 * A header of a hundred bytes can ask for gigabytes, or for minutes: decoders keep some kilobytes for each tile and walk
 * all packets, empty ones too. Writers of CT use 1 to 64 tiles and some hundred packets.
 */
const MAX_TILES = 1024;
const MAX_PACKETS = 250_000;
/** SOT and SOD, the least that a tile-part has. */
const TILE_PART_HEADER_BYTES = 14;

/**
 * Reads the header of a JPEG 2000 or HTJ2K codestream (ISO/IEC 15444-1 annex A) and follows its tile-parts: a stream
 * that is cut off decodes to an image which is blurred, or empty in places, and no decoder need say so.
 * @throws VigilError dicom-unreadable, pixels-unsupported
 */
export function readJpeg2000(bytes: Uint8Array): CodedImage {
  const reader = new BitstreamReader(codestream(bytes));
  if (reader.uint16(0) !== SOC || reader.uint16(2) !== SIZ) throw broken("it does not begin with a JPEG 2000 header");
  const grid = readGrid(reader, 4);
  const { left, top, right, bottom } = grid;
  const depth = reader.uint8(42);
  if (reader.uint8(43) !== 1 || reader.uint8(44) !== 1) throw unsupported("it is subsampled");
  const header = readMarkers(reader, reader.segmentEnd(4), SOT);
  if (header.codingStyleAt === null) throw broken("it has no coding style");
  const packets = packetCount(grid, readCodingStyle(reader, header.codingStyleAt));
  if (packets > MAX_PACKETS) throw unsupported(`it has ${packets} packets; ${MAX_PACKETS} at most are decoded`);
  return {
    rows: bottom - top,
    columns: right - left,
    components: reader.uint16(40),
    precision: (depth & 0x7f) + 1,
    signed: (depth & 0x80) !== 0,
    bytes: wholeCodestream(reader, header.end, tileCount(grid), packets),
  };
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
function readGrid(reader: BitstreamReader, at: number): ReferenceGrid {
  const grid = {
    right: reader.uint32(at + 4),
    bottom: reader.uint32(at + 8),
    left: reader.uint32(at + 12),
    top: reader.uint32(at + 16),
    tileColumns: reader.uint32(at + 20),
    tileRows: reader.uint32(at + 24),
    tilesLeft: reader.uint32(at + 28),
    tilesTop: reader.uint32(at + 32),
  };
  const isEmpty = grid.right <= grid.left || grid.bottom <= grid.top;
  const hasNoTiles = grid.tileColumns === 0 || grid.tileRows === 0;
  if (isEmpty || hasNoTiles || grid.tilesLeft > grid.left || grid.tilesTop > grid.top) {
    throw broken("its size and tiles are wrong");
  }
  const tiles = tileCount(grid);
  if (tiles > MAX_TILES) throw unsupported(`it has ${tiles} tiles; ${MAX_TILES} at most are decoded`);
  return grid;
}

/** Follows the segments of a header to the marker that ends it. */
function readMarkers(reader: BitstreamReader, from: number, last: number) {
  let codingStyleAt: number | null = null;
  let at = from;
  while (reader.uint16(at) !== last) {
    const marker = reader.uint16(at);
    if (marker === COD) codingStyleAt = at + 2;
    // It says for one component what COD says for all; there is only one, and nobody writes it.
    if (marker === COC) throw unsupported("it has a coding style for a single component");
    at = reader.segmentEnd(at + 2);
  }
  return { codingStyleAt, end: at };
}

/**
 * Follows the tile-parts (A.4.2) to the end of the codestream. Every tile must be there with all its parts, and a byte
 * at least for each packet, as even an empty one has (B.10.3).
 */
function wholeCodestream(reader: BitstreamReader, from: number, tiles: number, packets: number): Uint8Array {
  const { bytes } = reader;
  const found = new Map<number, { parts: number; announced: number }>();
  let packetBytes = 0;
  let at = from;
  while (at + 2 <= bytes.length && reader.uint16(at) === SOT) {
    const tile = reader.uint16(at + 4);
    const length = reader.uint32(at + 6);
    const announced = reader.uint8(at + 11);
    const before = found.get(tile) ?? { parts: 0, announced: 0 };
    found.set(tile, { parts: before.parts + 1, announced: announced || before.announced });
    const header = readMarkers(reader, at + 12, SOD);
    if (header.codingStyleAt !== null) throw unsupported("its tiles have coding styles of their own");
    // 0: up to EOC, allowed in the last tile-part alone.
    const end = length === 0 ? lastMarker(bytes, EOC) : at + length;
    if (end < header.end + 2 || end > bytes.length) throw broken("cut off in a tile");
    packetBytes += end - at - TILE_PART_HEADER_BYTES;
    at = end;
  }
  const hasEnd = at + 2 <= bytes.length && reader.uint16(at) === EOC;
  if (found.size !== tiles) throw broken(`it holds ${found.size} of ${tiles} tiles`);
  if (packetBytes < packets) throw broken(`cut off: ${packetBytes} bytes for ${packets} packets`);
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

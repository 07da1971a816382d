import { BitstreamReader, broken, type CodedImage, unsupported } from "./coded-image.ts";

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const SOF_PROGRESSIVE = 0xc2;
const SOF_LOSSLESS = 0xc3;
/** Huffman coded: baseline, extended, progressive, lossless (ITU-T T.81 table B.1). */
const SOF_JPEG = [0xc0, 0xc1, SOF_PROGRESSIVE, SOF_LOSSLESS];
/** ITU-T T.87 C.1.1 */
const SOF_JPEG_LS = [0xf7];
/** Hierarchical and arithmetic coded ones, which nobody decodes: 0xc4, 0xc8 and 0xcc are no start of frame. */
const SOF_OTHERS = [0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf];

/** Each costs a pass over the whole image; progressive writers make about ten. */
const MAX_SCANS = 100;

interface Scan {
  firstCoefficient: number;
  lastCoefficient: number;
  /** Bits left out yet. */
  lowestBit: number;
}

interface JpegStructure {
  frame: { marker: number; at: number };
  scans: Scan[];
  /** Behind EOI; null where it is missing. */
  end: number | null;
}

/**
 * Walks a JPEG bitstream from marker to marker (ITU-T T.81 annex B).
 * @throws VigilError dicom-unreadable, pixels-unsupported
 */
export function readJpeg(bytes: Uint8Array): CodedImage {
  return codedImage(new BitstreamReader(bytes), SOF_JPEG);
}

/** The same for JPEG-LS (ITU-T T.87 annex C). */
export function readJpegLs(bytes: Uint8Array): CodedImage {
  return codedImage(new BitstreamReader(bytes), SOF_JPEG_LS);
}

function codedImage(reader: BitstreamReader, known: number[]): CodedImage {
  const { frame, scans, end } = structure(reader);
  if (!known.includes(frame.marker)) throw unsupported(`its coding process is unknown (SOF ${frame.marker - 0xc0})`);
  if (frame.marker === SOF_PROGRESSIVE && !isRefinedWhole(scans)) throw broken("cut off between two scans");
  const precision = reader.uint8(frame.at + 2);
  // GDCM writes 16 for lossy 12-bit images; the libraries then decode to something else, without a word.
  const isCosine = frame.marker < SOF_LOSSLESS;
  if (isCosine && precision !== 8 && precision !== 12) throw unsupported(`its lossy samples have ${precision} bits`);
  return {
    precision,
    rows: reader.uint16(frame.at + 3),
    columns: reader.uint16(frame.at + 5),
    components: reader.uint8(frame.at + 7),
    signed: false,
    bytes: end === null ? withEndMarker(reader.bytes) : reader.bytes.subarray(0, end),
  };
}

function structure(reader: BitstreamReader): JpegStructure {
  if (reader.uint16(0) !== 0xff00 + SOI) throw broken("it does not begin with a start of image marker");
  const scans: Scan[] = [];
  let frame: JpegStructure["frame"] | undefined;
  let end: number | null = null;
  let at = 2;
  while (end === null && at < reader.bytes.length) {
    if (reader.uint8(at) !== 0xff) {
      // Padding where EOI should be; before the first scan there is none.
      if (scans.length > 0) break;
      throw broken(`there is no marker at byte ${at}`);
    }
    const marker = reader.uint8(at + 1);
    at += 1;
    if (marker === 0xff) continue;
    at += 1;
    if (marker === EOI) {
      end = at;
      continue;
    }
    const segmentEnd = reader.segmentEnd(at);
    if ([...SOF_JPEG, ...SOF_JPEG_LS, ...SOF_OTHERS].includes(marker)) {
      if (frame !== undefined) throw broken("it has two frame headers");
      frame = { marker, at };
    }
    if (marker === SOS) {
      if (scans.length === MAX_SCANS) throw unsupported(`it has more than ${MAX_SCANS} scans`);
      scans.push({
        firstCoefficient: reader.uint8(segmentEnd - 3),
        lastCoefficient: reader.uint8(segmentEnd - 2),
        lowestBit: reader.uint8(segmentEnd - 1) & 0x0f,
      });
    }
    at = marker === SOS ? entropyCodedEnd(reader.bytes, segmentEnd) : segmentEnd;
  }
  if (frame === undefined || scans.length === 0) throw broken("it has no image");
  return { frame, scans, end };
}

/** The next marker that ends entropy-coded data: not a stuffed byte, which has its high bit clear, and no restart marker. */
function entropyCodedEnd(bytes: Uint8Array, from: number): number {
  let at = bytes.indexOf(0xff, from);
  while (at >= 0 && at + 1 < bytes.length) {
    const next = bytes[at + 1]!;
    const isRestart = next >= 0xd0 && next <= 0xd7;
    if (next >= 0x80 && !isRestart) return at;
    at = bytes.indexOf(0xff, at + 2);
  }
  return bytes.length;
}

/** Whether the scans of a progressive image bring every coefficient down to its last bit (ITU-T T.81 G.1.1). */
function isRefinedWhole(scans: Scan[]): boolean {
  const missingBits = new Array<number>(64).fill(Number.POSITIVE_INFINITY);
  for (const { firstCoefficient, lastCoefficient, lowestBit } of scans) {
    missingBits.fill(lowestBit, firstCoefficient, lastCoefficient + 1);
  }
  return missingBits.every((bits) => bits === 0);
}

function withEndMarker(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(bytes.length + 2);
  whole.set(bytes);
  whole.set([0xff, EOI], bytes.length);
  return whole;
}

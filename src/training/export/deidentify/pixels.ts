import type { Attributes } from "../../../dicom/attributes.ts";
import type { RawElement } from "../../../dicom/raw-data-set.ts";
import { TRANSFER_SYNTAX } from "../../../dicom/uids.ts";
import type { Identity } from "./identity.ts";
import { LeftOut } from "./left-out-error.ts";
import { hasPrintableRun } from "./values.ts";

/** Pixel Data with nothing but pixels: no bytes behind them, no comments in codestreams, no text. */

/** Pixels of 16 bits never look like that many letters; the bytes of a codestream do once in 10,000 images. */
const LETTERS_IN_WORDS = 12;
const LETTERS_IN_CODESTREAM = 28;

const ITEM = 0xfffee000;
const SEQUENCE_DELIMITATION = Uint8Array.of(0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0);

/** @throws LeftOut when the pixels are incomplete, or text stands among them */
export function onlyPixels(
  element: RawElement,
  image: Attributes,
  transferSyntaxUid: string,
  identity: Identity,
): RawElement {
  const { value } = element;
  if (!(value instanceof Uint8Array)) throw new LeftOut("its pixel data is no pixel data");
  const pixels = element.undefinedLength ? encapsulated(value) : native(value, image);
  const isRle = transferSyntaxUid === TRANSFER_SYNTAX.rleLossless;
  const isWords = image.texts("00280100")[0] === "16";
  const longest = element.undefinedLength ? LETTERS_IN_CODESTREAM : LETTERS_IN_WORDS;
  // Neighbouring pixels of 8 bits, and the half words of RLE, look like letters all the time.
  if (!isRle && (isWords || element.undefinedLength === true) && hasPrintableRun(pixels, longest))
    throw new LeftOut("text stands among its pixels");
  if (identity.leavesTraceIn(pixels)) throw new LeftOut("a name or number of the patient stands among its pixels");
  return { ...element, vr: element.undefinedLength ? "OB" : isWords ? "OW" : element.vr, value: pixels };
}

/** As many bytes as the image has pixels, and one to make it even. */
function native(value: Uint8Array, image: Attributes): Uint8Array {
  const number = (tag: string, missing: number) => Number(image.texts(tag)[0] ?? missing);
  const bits = number("00280100", 0) * number("00280002", 1);
  const bytes = (number("00280010", 0) * number("00280011", 0) * number("00280008", 1) * bits) / 8;
  if (!Number.isInteger(bytes) || bytes <= 0) throw new LeftOut("it does not say how many pixels it has");
  if (value.length < bytes) throw new LeftOut("its pixel data is cut off");
  return bytes % 2 === 0 ? value.subarray(0, bytes) : Buffer.concat([value.subarray(0, bytes), Uint8Array.of(0)]);
}

/** The fragments behind an empty offset table (nobody needs it, and it may hold anything), their comments blank. */
function encapsulated(value: Uint8Array): Uint8Array {
  const bytes = Buffer.from(value);
  const fragments: Buffer[] = [];
  for (let at = 0; at + 8 <= bytes.length && bytes.readUInt16LE(at) * 0x10000 + bytes.readUInt16LE(at + 2) === ITEM; ) {
    const end = at + 8 + bytes.readUInt32LE(at + 4);
    fragments.push(bytes.subarray(at, end));
    at = end;
  }
  const frames = fragments.slice(1);
  if (frames.length === 0) throw new LeftOut("its pixel data is cut off");
  for (const fragment of frames) blankComments(fragment.subarray(8));
  return Buffer.concat([Uint8Array.of(0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0), ...frames, SEQUENCE_DELIMITATION]);
}

const SOS = 0xffda;
const SOD = 0xff93;
const JPEG_2000 = 0xff4f;
/** Markers of one codestream family that hold text: COM, and what applications added but JFIF, SPIFF and Adobe. */
const isJpegText = (marker: number) =>
  marker === 0xfffe || (marker >= 0xffe1 && marker <= 0xffef && marker !== 0xffe8 && marker !== 0xffee);
const JPEG_2000_COMMENT = 0xff64;

/** Marker segments before the coded pixels keep their lengths, so that nothing else moves. */
function blankComments(codestream: Buffer): void {
  if (codestream.length < 4 || codestream[0] !== 0xff) return;
  const is2000 = codestream.readUInt16BE(0) === JPEG_2000;
  for (let at = 2; at + 4 <= codestream.length && codestream[at] === 0xff; ) {
    const marker = codestream.readUInt16BE(at);
    if (marker === SOS || marker === SOD) return;
    const length = codestream.readUInt16BE(at + 2);
    // A JPEG 2000 comment keeps the number that says what kind it is.
    if (is2000 && marker === JPEG_2000_COMMENT) codestream.fill(0, at + 6, at + 2 + length);
    if (!is2000 && isJpegText(marker)) codestream.fill(0, at + 4, at + 2 + length);
    at += 2 + length;
  }
}

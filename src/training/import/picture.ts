import { convertIndexedToRgb, type DecodedPng, decode, hasPngSignature } from "fast-png";
import { readJpeg } from "../../dicom/codecs/jpeg-stream.ts";
import { TRANSFER_SYNTAX } from "../../dicom/uids.ts";
import { toVigilError } from "../../errors.ts";
import { jpegOrientation, pngOrientation } from "./exif-orientation.ts";
import type { ProblemCode } from "./problems.ts";

/** A grey picture in the form in which DICOM stores it. */
export interface Picture {
  rows: number;
  columns: number;
  bits: 8 | 16;
  transferSyntaxUid: string;
  /** Plain values, little endian; or a JPEG as it is. */
  pixels: Uint8Array;
}

/** Why a picture is not taken, in the words of the report. */
export class PictureRefused extends Error {
  readonly code: ProblemCode;

  constructor(code: ProblemCode, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * A PNG of 1 to 16 bits, whose colours are all grey, or a grey 8-bit JPEG, upright.
 * @throws PictureRefused
 */
export function readPicture(bytes: Uint8Array): Picture {
  if (hasPngSignature(bytes)) return pngPicture(bytes);
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpegPicture(bytes);
  throw new PictureRefused("file-foreign", "it is neither PNG nor JPEG");
}

function jpegPicture(bytes: Uint8Array): Picture {
  refuseRotated(jpegOrientation(bytes));
  let image: ReturnType<typeof readJpeg>;
  try {
    image = readJpeg(bytes);
  } catch (error) {
    throw new PictureRefused("file-unreadable", toVigilError(error).message);
  }
  const { rows, columns, components, precision } = image;
  if (components !== 1) throw new PictureRefused("image-colour", `it has ${components} colours`);
  if (precision !== 8) throw new PictureRefused("file-unreadable", `its samples have ${precision} bits; 8 are read`);
  return { rows, columns, bits: 8, transferSyntaxUid: jpegSyntaxOf(image.bytes), pixels: image.bytes };
}

/** By its frame header: baseline, extended, progressive (retired in DICOM, and still read), lossless. */
function jpegSyntaxOf(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 4 <= bytes.length; at += 2 + view.getUint16(at + 2)) {
    const syntax = SYNTAX_BY_FRAME[bytes[at + 1]!];
    if (syntax !== undefined) return syntax;
  }
  return TRANSFER_SYNTAX.jpegBaseline;
}

const SYNTAX_BY_FRAME: Record<number, string> = {
  192: TRANSFER_SYNTAX.jpegBaseline,
  193: TRANSFER_SYNTAX.jpegExtended,
  194: TRANSFER_SYNTAX.jpegFullProgression,
  195: TRANSFER_SYNTAX.jpegLossless,
};

/** @throws PictureRefused */
export function pngPicture(bytes: Uint8Array): Picture {
  refuseRotated(pngOrientation(bytes));
  const png = decodedPng(bytes);
  const { width: columns, height: rows } = png;
  const values = greyOf(png);
  const bits = values instanceof Uint16Array ? 16 : 8;
  const pixels = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { rows, columns, bits, transferSyntaxUid: TRANSFER_SYNTAX.explicitLittleEndian, pixels };
}

function decodedPng(bytes: Uint8Array): DecodedPng {
  try {
    return decode(bytes, { checkCrc: true });
  } catch (error) {
    throw new PictureRefused("file-unreadable", `it is a broken PNG: ${toVigilError(error).message}`);
  }
}

/** One value a pixel, from black to the greatest of 8 or 16 bits. */
function greyOf(png: DecodedPng): Uint8Array | Uint16Array {
  if (png.depth < 8 && png.palette === undefined) return spread(png);
  const data = png.palette === undefined ? png.data : convertIndexedToRgb(png);
  const channels = png.palette === undefined ? png.channels : data.length / (png.width * png.height);
  const most = png.depth === 16 ? 65_535 : 255;
  const grey = png.depth === 16 ? new Uint16Array(png.width * png.height) : new Uint8Array(png.width * png.height);
  for (let pixel = 0, at = 0; pixel < grey.length; pixel++, at += channels) {
    const value = data[at]!;
    if (channels >= 3 && (data[at + 1] !== value || data[at + 2] !== value))
      throw new PictureRefused("image-colour", "its pixels are not grey");
    if (channels % 2 === 0 && data[at + channels - 1] !== most)
      throw new PictureRefused("image-colour", "it is transparent in places");
    grey[pixel] = value;
  }
  return grey;
}

/** Pixels of 1, 2 or 4 bits lie several in a byte, each row beginning a new one (PNG 7.2). */
function spread({ width, height, depth, data }: DecodedPng): Uint8Array {
  const grey = new Uint8Array(width * height);
  const perByte = 8 / depth;
  const rowBytes = Math.ceil(width / perByte);
  const scale = 255 / (2 ** depth - 1);
  for (let pixel = 0; pixel < grey.length; pixel++) {
    const column = pixel % width;
    const byte = data[Math.floor(pixel / width) * rowBytes + Math.floor(column / perByte)]!;
    grey[pixel] = ((byte >> (8 - depth * ((column % perByte) + 1))) & (2 ** depth - 1)) * scale;
  }
  return grey;
}

function refuseRotated(orientation: number): void {
  if (orientation === 1 || orientation === 0) return;
  throw new PictureRefused("image-rotated", `its EXIF orientation is ${orientation}`);
}

import { VigilError } from "../../errors.ts";
import { TRANSFER_SYNTAX, transferSyntaxName } from "../uids.ts";
import { type CodedImage, unsupported } from "./coded-image.ts";
import { readJpeg, readJpegLs } from "./jpeg-stream.ts";
import { readJpeg2000 } from "./jpeg2000-stream.ts";
import { type DecoderName, decodeNatively } from "./native-decoder.ts";
import { decodeRle } from "./rle.ts";

export interface FrameFormat {
  rows: number;
  columns: number;
  bitsAllocated: 8 | 16;
  bitsStored: number;
  signed: boolean;
}

interface Codec {
  read(bytes: Uint8Array): CodedImage;
  decoder: DecoderName;
}

const JPEG: Codec = { read: readJpeg, decoder: "DecodeJpeg" };
const JPEG_LS: Codec = { read: readJpegLs, decoder: "DecodeJpegLs" };
const JPEG_2000: Codec = { read: readJpeg2000, decoder: "DecodeJpeg2000" };
const HTJ2K: Codec = { read: readJpeg2000, decoder: "DecodeHtJpeg2000" };

/** The bitstream itself says which process of JPEG it is: a file labelled as another one of the family decodes too. */
const CODECS: Record<string, Codec> = {
  [TRANSFER_SYNTAX.jpegBaseline]: JPEG,
  [TRANSFER_SYNTAX.jpegExtended]: JPEG,
  [TRANSFER_SYNTAX.jpegSpectralSelection]: JPEG,
  [TRANSFER_SYNTAX.jpegFullProgression]: JPEG,
  [TRANSFER_SYNTAX.jpegLossless]: JPEG,
  [TRANSFER_SYNTAX.jpegLosslessFirstOrder]: JPEG,
  [TRANSFER_SYNTAX.jpegLsLossless]: JPEG_LS,
  [TRANSFER_SYNTAX.jpegLsNearLossless]: JPEG_LS,
  [TRANSFER_SYNTAX.jpeg2000Lossless]: JPEG_2000,
  [TRANSFER_SYNTAX.jpeg2000]: JPEG_2000,
  [TRANSFER_SYNTAX.htj2kLossless]: HTJ2K,
  [TRANSFER_SYNTAX.htj2kLosslessRpcl]: HTJ2K,
  [TRANSFER_SYNTAX.htj2k]: HTJ2K,
};

/** CT has 512 x 512, seldom 1024 x 1024; a frame of this size takes some hundred megabytes while it is decoded. */
const MAX_PIXELS = 4096 * 4096;

export function canDecode(transferSyntaxUid: string): boolean {
  return transferSyntaxUid === TRANSFER_SYNTAX.rleLossless || Object.hasOwn(CODECS, transferSyntaxUid);
}

/**
 * The pixels of one frame, as stored: rows x columns words of bitsAllocated bits, little endian, in a buffer of their
 * own; what is above Bits Stored is as the codec left it (the caller masks).
 * @param frame all its fragments, joined (PS3.5 A.4)
 * @throws VigilError pixels-unsupported (syntax unknown, more than one component, size or depth not as the header
 * says), dicom-unreadable (bitstream broken or cut off); no message says which file it was
 */
export async function decodeFrame(
  transferSyntaxUid: string,
  frame: Uint8Array,
  format: FrameFormat,
): Promise<Uint8Array> {
  const { rows, columns, bitsAllocated } = format;
  if (rows < 1 || columns < 1) throw unsupported(`the header says ${columns} x ${rows} pixels`);
  if (rows * columns > MAX_PIXELS) throw unsupported(`${columns} x ${rows} pixels are more than any CT has`);
  if (transferSyntaxUid === TRANSFER_SYNTAX.rleLossless) return decodeRle(frame, rows * columns, bitsAllocated / 8);
  if (!canDecode(transferSyntaxUid)) {
    const name = transferSyntaxName(transferSyntaxUid);
    throw new VigilError("pixels-unsupported", `the transfer syntax ${name} cannot be decoded`);
  }
  const { read, decoder } = CODECS[transferSyntaxUid]!;
  const image = read(frame);
  mustMatch(image, format);
  const samples = await decodeNatively(decoder, image);
  return image.precision <= 8 && bitsAllocated === 16 ? widened(samples, image.signed) : samples;
}

/** Before anything is allocated: a header of a few bytes can ask for gigabytes. */
function mustMatch(image: CodedImage, format: FrameFormat): void {
  if (image.rows !== format.rows || image.columns !== format.columns) {
    const [coded, said] = [image, format].map(({ rows, columns }) => `${columns} x ${rows}`);
    throw unsupported(`the bitstream has ${coded} pixels, the header says ${said}`);
  }
  if (image.components !== 1) throw unsupported(`it has ${image.components} components; CT has one`);
  if (image.precision < 2 || image.precision > format.bitsAllocated) {
    throw unsupported(`its samples have ${image.precision} bits, Bits Allocated is ${format.bitsAllocated}`);
  }
}

function widened(samples: Uint8Array, signed: boolean): Uint8Array {
  const words = signed ? Int16Array.from(new Int8Array(samples.buffer)) : Uint16Array.from(samples);
  return new Uint8Array(words.buffer);
}

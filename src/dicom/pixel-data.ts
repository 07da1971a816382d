import { VigilError } from "../errors.ts";
import { canDecode, decodeFrame } from "./codecs/decode-frame.ts";
import { encapsulatedFrames } from "./encapsulated.ts";
import { type DataSet, type Element, PIXEL_DATA, transferSyntaxOf, valueBytes } from "./part10.ts";
import type { PixelFormat } from "./pixel-format.ts";
import { isBigEndian, isUncompressed, transferSyntaxName } from "./uids.ts";

/** Of one frame, rows x columns, in this machine's byte order. */
export type Words = Uint16Array | Uint8Array;

/**
 * The frames of Pixel Data in order, each decoded when it is asked for.
 * @throws VigilError pixels-unsupported, dicom-unreadable
 */
export async function* framesOfPixelData(dataset: DataSet, format: PixelFormat, where: string): AsyncGenerator<Words> {
  const element: Element | undefined = dataset.elements[PIXEL_DATA];
  if (element === undefined) throw new VigilError("pixels-unsupported", `${where}: it has no pixel data`);
  const transferSyntax = transferSyntaxOf(dataset);
  const isEncapsulated = element.fragments !== undefined;
  if (isUncompressed(transferSyntax)) {
    if (isEncapsulated) throw contradiction(where, transferSyntax, "compressed frames");
    yield* nativeFrames(dataset, element, format, where);
    return;
  }
  const name = transferSyntaxName(transferSyntax);
  if (!canDecode(transferSyntax)) {
    const what = `its transfer syntax ${name} cannot be decoded; Explicit VR Little Endian can (gdcmconv --raw)`;
    throw new VigilError("pixels-unsupported", `${where}: ${what}`);
  }
  if (!isEncapsulated) throw contradiction(where, transferSyntax, "plain pixels");
  if (format.lowestBit > 0) {
    const what = "where its stored bits lie after decoding is not known: High Bit is not Bits Stored - 1";
    throw new VigilError("pixels-unsupported", `${where}: ${what}`);
  }
  for (const frame of encapsulatedFrames(dataset.byteArray, element, format.frames, where)) {
    const decoded = await decodeFrame(transferSyntax, frame, format).catch((error: unknown) => {
      const code = error instanceof VigilError ? error.code : "dicom-unreadable";
      throw new VigilError(code, `${where}: ${error instanceof Error ? error.message : error}`, { cause: error });
    });
    yield wordsOf(decoded, format, where);
  }
}

function contradiction(where: string, transferSyntax: string, found: string): VigilError {
  const message = `${where}: its transfer syntax is ${transferSyntaxName(transferSyntax)}, but it holds ${found}`;
  return new VigilError("dicom-unreadable", message);
}

/** A decoder may give 8-bit pixels as bytes or as words. */
function wordsOf(decoded: Uint8Array, { rows, columns, bitsAllocated }: PixelFormat, where: string): Words {
  const pixels = rows * columns;
  if (decoded.length === pixels && bitsAllocated === 8) return decoded;
  if (decoded.length === pixels * 2) return view16(decoded, false);
  const message = `${where}: a frame decodes to ${decoded.length} bytes, ${rows} x ${columns} pixels are more or fewer`;
  throw new VigilError("dicom-unreadable", message);
}

/** One frame after another, as the plain values of PS3.5 8.1.1; views where alignment and byte order allow. */
function* nativeFrames(dataset: DataSet, element: Element, format: PixelFormat, where: string): Generator<Words> {
  const { rows, columns, frames, bitsAllocated } = format;
  const frameBytes = rows * columns * (bitsAllocated / 8);
  const needed = frameBytes * frames;
  const { length } = element;
  if (length < needed) {
    throw new VigilError("dicom-unreadable", `${where} is cut off: ${length} of ${needed} bytes of pixel data`);
  }
  // A pad byte or a short trailer is harmless. Another row or frame means that Rows, Columns or Number of Frames lie.
  if (length - needed >= columns * (bitsAllocated / 8)) {
    const message = `${where}: ${length} bytes of pixel data are more than ${frames} x ${rows} x ${columns} pixels take`;
    throw new VigilError("dicom-unreadable", message);
  }
  const value = valueBytes(dataset, element);
  const mustSwap = isBigEndian(transferSyntaxOf(dataset));
  for (let frame = 0; frame < frames; frame++) {
    const bytes = value.subarray(frame * frameBytes, (frame + 1) * frameBytes);
    if (bitsAllocated === 16) yield view16(bytes, mustSwap);
    // Bytes within OW words are swapped with them (PS3.5 A.3).
    else if (mustSwap && element.vr === "OW") yield swappedBytes(value, frame * frameBytes, frameBytes);
    else yield bytes;
  }
}

function view16(bytes: Uint8Array, mustSwap: boolean): Uint16Array {
  if (!mustSwap && bytes.byteOffset % 2 === 0) return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  const copy = Buffer.from(bytes);
  if (mustSwap) copy.swap16();
  return new Uint16Array(copy.buffer, copy.byteOffset, copy.length / 2);
}

function swappedBytes(value: Uint8Array, from: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => value[(from + i) ^ 1]!);
}

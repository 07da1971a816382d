import { attributesOfDataSet } from "./attributes.ts";
import { PIXEL_DATA, parsePart10 } from "./part10.ts";
import { framesOfPixelData, type Words } from "./pixel-data.ts";
import { type PixelFormat, pixelFormat } from "./pixel-format.ts";
import { type RawDataSet, type RawElement, type RawFile, rawFileOf } from "./raw-data-set.ts";
import { TRANSFER_SYNTAX } from "./uids.ts";
import { writeDataSet } from "./write-data-set.ts";

/** Say where frames begin in compressed pixels. */
const OFFSET_TABLES = ["x7fe00001", "x7fe00002"];
const ICON_IMAGE_SEQUENCE = "x00880200";

/**
 * The same image in Explicit VR Little Endian with plain pixels, decoded where they were compressed: the stored values and everything
 * else stay as they are, Rescale among them. An icon with compressed pixels of its own cannot stay (PS3.5 A.4).
 * @throws VigilError dicom-unreadable, pixels-unsupported
 */
export async function withNativePixels(bytes: Uint8Array, where: string): Promise<Uint8Array> {
  const dataset = parsePart10(bytes, where);
  const raw = rawFileOf(dataset);
  const isNative = dataset.elements[PIXEL_DATA]?.fragments === undefined;
  const declared = dataset.meta?.string("x00020010");
  const { explicitLittleEndian } = TRANSFER_SYNTAX;
  if (isNative && declared === explicitLittleEndian && dataset.transferSyntaxUid === declared) return bytes;
  const file: RawFile = { ...raw, transferSyntaxUid: explicitLittleEndian };
  if (isNative) return writeDataSet(file);
  const format = pixelFormat(attributesOfDataSet(dataset), where);
  const frames: Uint8Array[] = [];
  for await (const words of framesOfPixelData(dataset, format, where)) frames.push(storedValues(words, format));
  return writeDataSet({ ...file, elements: withPixels(raw.elements, frames, format) });
}

function withPixels(elements: RawDataSet, frames: Uint8Array[], { bitsAllocated }: PixelFormat): RawDataSet {
  const value = Buffer.concat(frames);
  const even = value.length % 2 === 0 ? value : Buffer.concat([value, Buffer.alloc(1)]);
  const pixels = { tag: PIXEL_DATA, vr: bitsAllocated === 8 ? "OB" : "OW", value: even };
  return elements
    .filter((element) => !OFFSET_TABLES.includes(element.tag) && !isCompressedIcon(element))
    .map((element) => (element.tag === PIXEL_DATA ? pixels : element));
}

function isCompressedIcon({ tag, value }: RawElement): boolean {
  if (tag !== ICON_IMAGE_SEQUENCE || value instanceof Uint8Array) return false;
  return value.flat().some((element) => element.tag === PIXEL_DATA && element.undefinedLength);
}

/** What a decoder leaves above Bits Stored is replaced by the sign, or zeros, as plain pixels have it. */
function storedValues(words: Words, { bitsAllocated, bitsStored, signed }: PixelFormat): Uint8Array {
  const spare = 32 - bitsStored;
  const value = (word: number) => (signed ? (word << spare) >> spare : (word << spare) >>> spare);
  if (bitsAllocated === 8) return Uint8Array.from(words, value);
  const bytes = Buffer.alloc(words.length * 2);
  for (let i = 0; i < words.length; i++) bytes.writeUInt16LE(value(words[i]!) & 0xffff, 2 * i);
  return bytes;
}

import { VigilError } from "../errors.ts";
import { headerFromDataSet } from "./header.ts";
import { type DataSet, type Element, PIXEL_DATA, parsePart10, transferSyntaxOf, valueBytes } from "./part10.ts";
import type { InstanceHeader, StoredInstance } from "./source.ts";
import { isBigEndian, isUncompressed, transferSyntaxName } from "./uids.ts";

/** One CT image, decoded. */
export interface CtSlice {
  header: InstanceHeader;
  /** Where it was read from; null when it came from a PACS. */
  file: string | null;
  rows: number;
  columns: number;
  /** rows x columns */
  hu: Int16Array;
  /** The first window that the image asks for (0028,1050 and 1051). */
  windowHu: { center: number; width: number } | null;
}

/** What padding, which lies outside the reconstructed circle, becomes. */
const AIR_HU = -1024;

/**
 * Decodes one single-frame CT image to Hounsfield units.
 * @throws VigilError dicom-unreadable, pixels-unsupported; the message names the file or the instance
 */
export function readSlice({ bytes, file }: StoredInstance): CtSlice {
  const dataset = parsePart10(bytes, file ?? "an instance");
  const header = headerFromDataSet(dataset, file ?? "an instance");
  const where = file ?? `instance ${header.sopInstanceUid}`;
  const format = pixelFormat(dataset, header, where);
  const words = pixelWords(dataset, format, where);
  const window = { center: dataset.floatString("x00281050"), width: dataset.floatString("x00281051") };
  const hasWindow = window.center !== undefined && window.width !== undefined && window.width > 0;
  return {
    header,
    file,
    rows: format.rows,
    columns: format.columns,
    hu: toHu(words, format),
    windowHu: hasWindow ? { center: window.center!, width: window.width! } : null,
  };
}

/** All images of one stored object. @throws VigilError dicom-unreadable, pixels-unsupported */
export async function readSlices(instance: StoredInstance): Promise<CtSlice[]> {
  return [readSlice(instance)];
}

interface PixelFormat {
  rows: number;
  columns: number;
  bitsStored: number;
  /** Bits below the stored ones: not 0 only in old images whose High Bit is not Bits Stored - 1. */
  lowestBit: number;
  signed: boolean;
  slope: number;
  intercept: number;
  padding: { from: number; to: number } | null;
}

function pixelFormat(dataset: DataSet, header: InstanceHeader, where: string): PixelFormat {
  const refuse = (what: string) => new VigilError("pixels-unsupported", `${where}: ${what}`);
  const transferSyntax = transferSyntaxOf(dataset);
  if (!isUncompressed(transferSyntax)) {
    const name = transferSyntaxName(transferSyntax);
    throw refuse(`its transfer syntax ${name} cannot be decoded; Explicit VR Little Endian can (gdcmconv --raw)`);
  }
  if (header.numberOfFrames > 1) throw refuse(`it has ${header.numberOfFrames} frames; only one is supported`);
  const { rows, columns } = header;
  if (!rows || !columns) throw refuse("it has no image: Rows or Columns is missing");
  const samples = dataset.uint16("x00280002") ?? 1;
  if (samples !== 1) throw refuse(`it is a colour image (${samples} samples per pixel)`);
  const bitsAllocated = dataset.uint16("x00280100") ?? 16;
  if (bitsAllocated !== 16) throw refuse(`it has ${bitsAllocated} bits allocated; CT has 16`);
  const bitsStored = dataset.uint16("x00280101") ?? 16;
  const lowestBit = (dataset.uint16("x00280102") ?? bitsStored - 1) - bitsStored + 1;
  if (bitsStored < 1 || lowestBit < 0 || lowestBit + bitsStored > 16)
    throw refuse("its Bits Stored and High Bit are wrong");
  const signed = dataset.uint16("x00280103") === 1;
  return {
    rows,
    columns,
    bitsStored,
    lowestBit,
    signed,
    slope: dataset.floatString("x00281053") ?? 1,
    intercept: dataset.floatString("x00281052") ?? 0,
    padding: paddingRange(dataset, signed),
  };
}

/** Pixel Padding Value and Range Limit (PS3.3 C.7.5.1.1.2): the values between them are no image. */
function paddingRange(dataset: DataSet, signed: boolean): PixelFormat["padding"] {
  const read = (tag: string) => (signed ? dataset.int16(tag) : dataset.uint16(tag));
  const value = read("x00280120");
  if (value === undefined) return null;
  const limit = read("x00280121") ?? value;
  return { from: Math.min(value, limit), to: Math.max(value, limit) };
}

/** The 16-bit words of Pixel Data in this machine's byte order, as a view where alignment and order allow. */
function pixelWords(dataset: DataSet, { rows, columns }: PixelFormat, where: string): Uint16Array {
  const element: Element | undefined = dataset.elements[PIXEL_DATA];
  const needed = rows * columns * 2;
  if (element === undefined) throw new VigilError("pixels-unsupported", `${where}: it has no pixel data`);
  if (element.length < needed) {
    throw new VigilError("dicom-unreadable", `${where} is cut off: ${element.length} of ${needed} bytes of pixel data`);
  }
  const value = valueBytes(dataset, element).subarray(0, needed);
  const mustSwap = isBigEndian(transferSyntaxOf(dataset));
  if (!mustSwap && value.byteOffset % 2 === 0) return new Uint16Array(value.buffer, value.byteOffset, needed / 2);
  const copy = Buffer.from(value);
  if (mustSwap) copy.swap16();
  return new Uint16Array(copy.buffer, copy.byteOffset, needed / 2);
}

/** Each of the 65,536 possible words is converted once, then looked up: the fastest way measured. */
function toHu(words: Uint16Array, format: PixelFormat): Int16Array {
  const table = huTable(format);
  const hu = new Int16Array(words.length);
  for (let i = 0; i < words.length; i++) hu[i] = table[words[i]!]!;
  return hu;
}

let lastTable: { key: string; table: Int16Array } | undefined;

function huTable(format: PixelFormat): Int16Array {
  const { bitsStored, lowestBit, signed, slope, intercept, padding } = format;
  const key = JSON.stringify([bitsStored, lowestBit, signed, slope, intercept, padding]);
  if (lastTable?.key === key) return lastTable.table;
  const table = new Int16Array(65536);
  const wraps = wrapsAround(format);
  for (let word = 0; word < 65536; word++) {
    const wholeWord = signed ? (word << 16) >> 16 : word;
    const unused = 32 - bitsStored;
    const bits = (word >>> lowestBit) << unused;
    let stored = signed ? bits >> unused : bits >>> unused;
    if (padding !== null && [wholeWord, stored].some((value) => value >= padding.from && value <= padding.to)) {
      table[word] = AIR_HU;
      continue;
    }
    if (wraps && stored >= 3096) stored -= 4096;
    const value = Math.round(stored * slope + (wraps ? 0 : intercept));
    table[word] = Math.max(-32768, Math.min(32767, value));
  }
  lastTable = { key, table };
  return table;
}

/**
 * Some scanners wrote 12-bit unsigned values whose intercept was forgotten: air, below zero, wrapped around to the top
 * of the range. Found in the RSNA 2019 haemorrhage data (about 5,000 images).
 */
function wrapsAround({ bitsStored, signed, intercept }: PixelFormat): boolean {
  return bitsStored === 12 && !signed && intercept > -100;
}

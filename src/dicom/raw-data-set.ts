import type { DataSet, Element } from "./data-set.ts";
import { PIXEL_DATA } from "./data-set-parser.ts";
import { TRANSFER_SYNTAX } from "./uids.ts";

/** A data set as plain values that can be changed and written again; whatever is not changed stays as it was, byte for byte. */
export type RawDataSet = RawElement[];

export interface RawElement {
  /** `xggggeeee` */
  tag: string;
  /** undefined where the encoding does not say it. */
  vr: string | undefined;
  /** Its bytes in little endian, or the items of a sequence. Encapsulated: offset table, fragments and delimiter, as they are. */
  value: Uint8Array | RawDataSet[];
  /** Encapsulated pixels, or a sequence that nothing else tells as one (UN, implicit encoding). */
  undefinedLength?: boolean;
}

export interface RawFile {
  /** Implicit VR Little Endian stays that, so do compressed pixels; all else is Explicit VR Little Endian. */
  transferSyntaxUid: string;
  /** Group 0002. */
  meta: RawDataSet;
  /** Sorted by tag. */
  elements: RawDataSet;
}

/** What was parsed, to be changed or written again (`writeDataSet`). Values are views of the parsed bytes where that can be. */
export function rawFileOf(dataset: DataSet): RawFile {
  const native: string[] = [TRANSFER_SYNTAX.deflatedExplicitLittleEndian, TRANSFER_SYNTAX.explicitBigEndian];
  const { transferSyntaxUid: said } = dataset;
  return {
    transferSyntaxUid: native.includes(said) ? TRANSFER_SYNTAX.explicitLittleEndian : said,
    meta: dataset.meta === undefined ? [] : rawDataSet(dataset.meta),
    elements: rawDataSet(dataset),
  };
}

/** Without stray delimiters, and group lengths (retired), which would no longer be true. */
function rawDataSet(dataset: DataSet): RawDataSet {
  return Object.values(dataset.elements)
    .filter(({ tag }) => !tag.startsWith("xfffe") && !tag.endsWith("0000"))
    .map((element) => rawElement(dataset, element))
    .sort((a, b) => (a.tag < b.tag ? -1 : 1));
}

function rawElement(dataset: DataSet, element: Element): RawElement {
  const { tag, vr, items, fragments, hadUndefinedLength } = element;
  if (items !== undefined) {
    const value = items.map((item) => rawDataSet(item.dataSet));
    return { tag, vr, value, ...(hadUndefinedLength && vr !== "SQ" && { undefinedLength: true }) };
  }
  if (fragments !== undefined) return { tag, vr, value: encapsulated(dataset, element), undefinedLength: true };
  const value = dataset.byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
  return { tag, vr, value: dataset.littleEndian ? value : swapped(value, wordBytes(dataset, element)) };
}

const SEQUENCE_DELIMITATION = Uint8Array.of(0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0);

/** Files that were cut off behind their last fragment lack the delimiter, without which nobody finds the end. */
function encapsulated({ byteArray }: DataSet, { dataOffset, length, fragments = [] }: Element): Uint8Array {
  const tableBytes = Buffer.from(byteArray).readUInt32LE(dataOffset + 4);
  const last = fragments.at(-1) ?? { position: dataOffset + 8, length: tableBytes };
  const value = byteArray.subarray(dataOffset, last.position + last.length);
  const isClosed = dataOffset + length >= last.position + last.length + SEQUENCE_DELIMITATION.length;
  return isClosed
    ? byteArray.subarray(dataOffset, last.position + last.length + SEQUENCE_DELIMITATION.length)
    : Buffer.concat([value, SEQUENCE_DELIMITATION]);
}

/** Of the numbers whose bytes stand in the order of the encoding (PS3.5 7.3). */
const WORD_BYTES = new Map<string, 2 | 4 | 8>([
  ...["AT", "OW", "SS", "US"].map((vr) => [vr, 2] as const),
  ...["FL", "OF", "OL", "SL", "UL"].map((vr) => [vr, 4] as const),
  ...["FD", "OD", "OV", "SV", "UV"].map((vr) => [vr, 8] as const),
]);

function wordBytes(dataset: DataSet, { tag, vr = "UN" }: Element): 1 | 2 | 4 | 8 {
  // Pixels of 16 bits are words, whatever was written (`framesOfPixelData` takes them so too).
  if (tag === PIXEL_DATA && dataset.uint16("x00280100") === 16) return 2;
  return WORD_BYTES.get(vr) ?? 1;
}

function swapped(value: Uint8Array, bytes: 1 | 2 | 4 | 8): Uint8Array {
  if (bytes === 1) return value;
  const whole = Buffer.from(value.subarray(0, value.length - (value.length % bytes)));
  const words = { 2: () => whole.swap16(), 4: () => whole.swap32(), 8: () => whole.swap64() }[bytes]();
  return Buffer.concat([words, value.subarray(whole.length)]);
}

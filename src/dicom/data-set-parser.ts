import { DataSet, type Element } from "./data-set.ts";

/**
 * Reads the elements of a data set (PS3.5 7) from bytes that nobody has vouched for: every length is compared with what
 * is there, nesting and the number of elements are limited, and each byte is looked at once.
 */

/** Why bytes are no data set; the caller says where. */
export class Malformed extends Error {
  /** More bytes may help. */
  readonly cutOff: boolean;
  /** A limit that is not to be got round by taking a sequence for a plain value. */
  readonly limit: boolean;

  constructor(message: string, { cutOff = false, limit = false } = {}) {
    super(message);
    this.cutOff = cutOff;
    this.limit = limit;
  }
}

export interface Encoding {
  transferSyntaxUid: string;
  explicit: boolean;
  littleEndian: boolean;
}

export const PIXEL_DATA = "x7fe00010";

/** Structured reports and functional groups nest about ten deep. */
const DEEPEST = 32;
/** Elements, items and fragments: an enhanced CT of 2,000 frames has about 150,000. They take 300 bytes each here. */
const MOST_PARTS = 500_000;

const UNDEFINED_LENGTH = 0xffffffff;
const ITEM = 0xfffee000;
const ITEM_DELIMITATION = "xfffee00d";
const SEQUENCE_DELIMITATION = 0xfffee0dd;
/** Float and Double Float Pixel Data lie before Pixel Data in group 7FE0. */
const FIRST_PIXEL_DATA = "x7fe00008";

/** Value representations by the form of their length (PS3.5 Table 7.1-2 and 7.1-1). */
const SHORT_VRS = "AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split(" ");
const LONG_VRS = "OB OD OF OL OV OW SQ SV UC UN UR UT UV".split(" ");
const LENGTH_FORMS = new Map<number, { vr: string; long: boolean }>([
  ...SHORT_VRS.map((vr) => [codeOf(vr), { vr, long: false }] as const),
  ...LONG_VRS.map((vr) => [codeOf(vr), { vr, long: true }] as const),
]);

function codeOf(vr: string): number {
  return (vr.charCodeAt(0) << 8) | vr.charCodeAt(1);
}

/** Whether a value representation stands at this place. */
export function isVrAt(bytes: Uint8Array, at: number): boolean {
  return at + 2 <= bytes.length && LENGTH_FORMS.has((bytes[at]! << 8) | bytes[at + 1]!);
}

/** How a value representation writes its length; undefined for letters that are none. */
export function lengthForm(vr: string): { long: boolean } | undefined {
  return LENGTH_FORMS.get(codeOf(vr));
}

const IMPLICIT = { explicit: false, littleEndian: true };

export class DataSetParser {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position: number;
  #parts = 0;

  constructor(bytes: Uint8Array, position: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#position = position;
  }

  /** Where the next element begins. */
  get position(): number {
    return this.#position;
  }

  /** The file meta information: group 0002, always Explicit VR Little Endian (PS3.10 7.1); its group length is not needed. */
  readMeta(): DataSet {
    const explicit = { transferSyntaxUid: "", explicit: true, littleEndian: true };
    const meta = new DataSet(this.#bytes, "", true);
    while (this.#position + 8 <= this.#bytes.length && this.#view.getUint16(this.#position, true) === 2) {
      add(meta, this.#element(this.#bytes.length, explicit, 0));
    }
    return meta;
  }

  /** What cannot be understood behind Pixel Data is no part of the data set. @throws Malformed */
  readMain(encoding: Encoding, meta: DataSet, { untilPixels = false } = {}): DataSet {
    const { transferSyntaxUid, littleEndian } = encoding;
    const dataset = new DataSet(this.#bytes, transferSyntaxUid, littleEndian, meta);
    const end = this.#bytes.length;
    while (this.#position < end) {
      try {
        const element = this.#element(end, encoding, 0, untilPixels);
        add(dataset, element);
        if (untilPixels && element.tag >= FIRST_PIXEL_DATA) break;
      } catch (error) {
        if (dataset.elements[PIXEL_DATA] === undefined || untilPixels) throw error;
        break;
      }
    }
    return dataset;
  }

  #element(end: number, encoding: Encoding, depth: number, untilPixels = false): Element {
    this.#count();
    const element = this.#elementHeader(end, encoding);
    const { vr, length } = element;
    const isDelimiter = element.tag.startsWith("xfffe");
    if (isDelimiter) element.length = 0;
    if (isDelimiter || (untilPixels && element.tag >= FIRST_PIXEL_DATA)) return element;
    if (length === UNDEFINED_LENGTH) {
      element.hadUndefinedLength = true;
      if (vr === "SQ") this.#sequence(element, end, encoding, depth);
      else if (element.tag === PIXEL_DATA || (vr !== undefined && vr !== "UN")) this.#fragments(element, end);
      // UN of undefined length holds a sequence in implicit encoding (PS3.5 6.2.2).
      else this.#sequence(element, end, { ...encoding, ...(vr === "UN" && IMPLICIT) }, depth);
      element.length = this.#position - element.dataOffset;
      return element;
    }
    const next = element.dataOffset + length;
    if (next > end) throw new Malformed("it is cut off", { cutOff: true });
    if (vr === "SQ") this.#plainOrSequence(element, next, encoding, depth);
    else if ((vr === "UN" || vr === undefined) && length >= 8 && this.#startsWithItem(encoding.littleEndian))
      this.#plainOrSequence(element, next, { ...encoding, ...(vr === "UN" && IMPLICIT) }, depth);
    this.#position = next;
    return element;
  }

  /** Tag, value representation and length; the position is then that of the value. */
  #elementHeader(end: number, { explicit, littleEndian }: Encoding): Element {
    const at = this.#position;
    this.#need(8, end);
    const tag = this.#tag(at, littleEndian);
    let vr: string | undefined;
    let length = this.#view.getUint32(at + 4, littleEndian);
    let dataOffset = at + 8;
    if (explicit && tag >>> 16 !== 0xfffe) {
      const code = this.#view.getUint16(at + 4);
      const form = LENGTH_FORMS.get(code) ?? this.#unknownForm(at, code);
      vr = form?.vr;
      if (form?.long) {
        this.#need(12, end);
        length = this.#view.getUint32(at + 8, littleEndian);
        dataOffset = at + 12;
      } else if (form !== undefined) {
        length = this.#view.getUint16(at + 6, littleEndian);
      }
    }
    this.#position = dataOffset;
    return { tag: tagName(tag), vr, dataOffset, length };
  }

  /**
   * Two letters that are no value representation are a damaged one, or a later one with the long form, whose two
   * reserved bytes are zero. No letters: some writers leave an element in implicit encoding.
   */
  #unknownForm(at: number, code: number): { vr: string; long: boolean } | undefined {
    const vr = String.fromCharCode(code >>> 8, code & 0xff);
    if (!/^[A-Z]{2}$/.test(vr)) return undefined;
    return { vr, long: this.#view.getUint16(at + 6) === 0 };
  }

  /** A value whose length is known can be passed over when it is no sequence after all. */
  #plainOrSequence(element: Element, end: number, encoding: Encoding, depth: number): void {
    try {
      this.#sequence(element, end, encoding, depth);
    } catch (error) {
      if (!(error instanceof Malformed) || error.limit) throw error;
      delete element.items;
    }
  }

  #sequence(element: Element, end: number, encoding: Encoding, depth: number): void {
    if (depth === DEEPEST) throw new Malformed(`its sequences are nested more than ${DEEPEST} deep`, { limit: true });
    element.items = [];
    while (this.#position < end) {
      this.#need(8, end);
      const tag = this.#tag(this.#position, encoding.littleEndian);
      const length = this.#view.getUint32(this.#position + 4, encoding.littleEndian);
      this.#position += 8;
      if (tag === SEQUENCE_DELIMITATION) return;
      if (tag !== ITEM) throw new Malformed(`sequence ${element.tag} holds something that is no item`);
      const itemEnd = length === UNDEFINED_LENGTH ? end : this.#position + length;
      if (itemEnd > end) throw new Malformed("it is cut off", { cutOff: true });
      this.#count();
      element.items.push({ dataSet: this.#item(itemEnd, length === UNDEFINED_LENGTH, encoding, depth + 1) });
    }
    if (element.hadUndefinedLength) throw new Malformed("it is cut off", { cutOff: true });
  }

  #item(end: number, delimited: boolean, encoding: Encoding, depth: number): DataSet {
    const item = new DataSet(this.#bytes, encoding.transferSyntaxUid, encoding.littleEndian);
    while (this.#position < end) {
      const element = this.#element(end, encoding, depth);
      if (element.tag === ITEM_DELIMITATION) return item;
      add(item, element);
    }
    if (delimited) throw new Malformed("it is cut off", { cutOff: true });
    return item;
  }

  /** Encapsulated Pixel Data: the Basic Offset Table, then fragments (PS3.5 A.4). */
  #fragments(element: Element, end: number): void {
    element.fragments = [];
    let behindTable = false;
    while (this.#position + 8 <= end) {
      const tag = this.#tag(this.#position, true);
      if (tag !== ITEM && tag !== SEQUENCE_DELIMITATION && element.fragments.length > 0) return;
      const length = this.#view.getUint32(this.#position + 4, true);
      this.#position += 8;
      if (tag === SEQUENCE_DELIMITATION) return;
      if (tag !== ITEM) throw new Malformed(`element ${element.tag} of undefined length holds no fragments`);
      this.#need(length, end);
      this.#count();
      if (behindTable) element.fragments.push({ position: this.#position, length });
      behindTable = true;
      this.#position += length;
    }
    // Without the delimiter it may have lost fragments; whole frames before it can be used all the same.
    if (element.fragments.length === 0) throw new Malformed("it is cut off", { cutOff: true });
  }

  #startsWithItem(littleEndian: boolean): boolean {
    return this.#tag(this.#position, littleEndian) === ITEM;
  }

  #tag(at: number, littleEndian: boolean): number {
    return this.#view.getUint16(at, littleEndian) * 0x10000 + this.#view.getUint16(at + 2, littleEndian);
  }

  #need(length: number, end: number): void {
    if (this.#position + length > end) throw new Malformed("it is cut off", { cutOff: true });
  }

  #count(): void {
    if (++this.#parts > MOST_PARTS) throw new Malformed(`it has more than ${MOST_PARTS} elements`, { limit: true });
  }
}

function tagName(tag: number): string {
  return `x${tag.toString(16).padStart(8, "0")}`;
}

/** Tags ascend (PS3.5 7.1): one that comes again is none of this data set, and must not replace what was read. */
function add(dataset: DataSet, element: Element): void {
  dataset.elements[element.tag] ??= element;
}

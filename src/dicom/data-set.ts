/** A parsed data set (PS3.5 7): elements by tag as `xggggeeee`, their values still bytes. */

/** Of encapsulated Pixel Data, behind the Basic Offset Table (PS3.5 A.4). */
interface Fragment {
  /** Of its value in `byteArray`. */
  position: number;
  length: number;
}

export interface Item {
  dataSet: DataSet;
}

/** Its value lies in `byteArray` whole, except Pixel Data that the parser was told to stop at. */
export interface Element {
  tag: string;
  /** Absent where the encoding does not tell. */
  vr?: string | undefined;
  dataOffset: number;
  length: number;
  hadUndefinedLength?: boolean;
  items?: Item[];
  /** Present where Pixel Data is encapsulated. */
  fragments?: Fragment[];
}

type NumberReader = "getUint16" | "getInt16" | "getUint32" | "getInt32" | "getFloat32" | "getFloat64";

/** Values are undefined where the element is absent, or shorter than what is asked for. */
export class DataSet {
  readonly byteArray: Uint8Array;
  /** Of the bytes as they are, where the meta header says something else. */
  readonly transferSyntaxUid: string;
  readonly elements: Record<string, Element> = {};
  readonly littleEndian: boolean;
  readonly #meta: DataSet | undefined;

  /** @param meta the file meta information; it is encoded on its own, and lies elsewhere when the data set was deflated */
  constructor(byteArray: Uint8Array, transferSyntaxUid: string, littleEndian: boolean, meta?: DataSet) {
    this.byteArray = byteArray;
    this.transferSyntaxUid = transferSyntaxUid;
    this.littleEndian = littleEndian;
    this.#meta = meta;
  }

  /** The file meta information; undefined in an item, and {} of elements where the file has none. */
  get meta(): DataSet | undefined {
    return this.#meta;
  }

  uint16(tag: string, index = 0): number | undefined {
    return this.#number(tag, index, 2, "getUint16");
  }

  int16(tag: string, index = 0): number | undefined {
    return this.#number(tag, index, 2, "getInt16");
  }

  uint32(tag: string, index = 0): number | undefined {
    return this.#number(tag, index, 4, "getUint32");
  }

  int32(tag: string, index = 0): number | undefined {
    return this.#number(tag, index, 4, "getInt32");
  }

  float(tag: string, index = 0): number | undefined {
    return this.#number(tag, index, 4, "getFloat32");
  }

  double(tag: string, index = 0): number | undefined {
    return this.#number(tag, index, 8, "getFloat64");
  }

  /** The text up to a NUL, of one value or of all, without blanks around it; Latin 1. */
  string(tag: string, index?: number): string | undefined {
    const meta = this.#metaOf(tag);
    if (meta !== undefined) return meta.string(tag, index);
    const element = this.elements[tag];
    if (element === undefined || element.length === 0) return undefined;
    const start = element.dataOffset;
    const value = this.byteArray.subarray(start, start + Math.min(element.length, LONGEST_TEXT_BYTES));
    const nul = value.indexOf(0);
    const text = Buffer.from(value.buffer, value.byteOffset, nul === -1 ? value.length : nul).toString("latin1");
    return index === undefined ? text.trim() : text.split("\\")[index]?.trim();
  }

  #number(tag: string, index: number, size: number, read: NumberReader): number | undefined {
    const meta = this.#metaOf(tag);
    if (meta !== undefined) return meta.#number(tag, index, size, read);
    const element = this.elements[tag];
    if (element === undefined || element.length < (index + 1) * size) return undefined;
    const { buffer, byteOffset, byteLength } = this.byteArray;
    const at = element.dataOffset + index * size;
    if (at + size > byteLength) return undefined;
    return new DataView(buffer, byteOffset + at, size)[read](0, this.littleEndian);
  }

  #metaOf(tag: string): DataSet | undefined {
    return tag < "x00030000" ? this.#meta : undefined;
  }
}

/** Everything that is read as text fits in the two-byte length of the explicit encodings. */
export const LONGEST_TEXT_BYTES = 65_536;

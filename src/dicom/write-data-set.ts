import { lengthForm } from "./data-set-parser.ts";
import { IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME } from "./encode.ts";
import type { RawDataSet, RawElement, RawFile } from "./raw-data-set.ts";
import { TRANSFER_SYNTAX } from "./uids.ts";
import { vrOfTag } from "./value-representation.ts";

const UNDEFINED_LENGTH = 0xffffffff;
const ITEM = 0xfffee000;
const SEQUENCE_DELIMITATION = 0xfffee0dd;
const LONGEST_SHORT_VALUE = 0xffff;

/** What the writing of nested data sets needs to know. */
interface Encoding {
  explicit: boolean;
  /** Pixel Representation is 1. */
  signed: boolean;
}

const META: Encoding = { explicit: true, signed: false };

/**
 * A Part 10 file (PS3.10 7.1) of a data set that was read (`rawFileOf`): every value as it stands there. Sequences get the length they have.
 * The preamble is empty and the meta information names Vigil as the writer, and the object that the data set is. Elements without a
 * value representation get that of PS3.6 where the transfer syntax asks for one.
 */
export function writeDataSet({ transferSyntaxUid, meta, elements }: RawFile): Uint8Array<ArrayBuffer> {
  const parts = new Parts();
  parts.add(Buffer.alloc(128), Buffer.from("DICM"));
  const information = new Parts();
  addElements(information, metaOf(meta, elements, transferSyntaxUid), META);
  const groupLength = Buffer.alloc(4);
  groupLength.writeUInt32LE(information.length);
  addElements(parts, [{ tag: "x00020000", vr: "UL", value: groupLength }], META);
  parts.addAll(information);
  const explicit = transferSyntaxUid !== TRANSFER_SYNTAX.implicitLittleEndian;
  addElements(parts, elements, { explicit, signed: false });
  return parts.joined();
}

/** Bytes to be written one after the other. */
class Parts {
  readonly #all: Uint8Array[] = [];
  length = 0;

  add(...parts: Uint8Array[]): void {
    for (const part of parts) {
      this.#all.push(part);
      this.length += part.length;
    }
  }

  addAll(parts: Parts): void {
    this.add(...parts.#all);
  }

  joined(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.#all) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }
}

/** As it was read, but for what the data set and its writer decide. */
function metaOf(meta: RawDataSet, elements: RawDataSet, transferSyntaxUid: string): RawDataSet {
  const known = new Map(meta.filter(({ tag }) => tag !== "x00020000").map((element) => [element.tag, element]));
  const set = (tag: string, vr: string, value: RawElement["value"] | undefined) => {
    if (value !== undefined) known.set(tag, { tag, vr, value });
  };
  const inObject = (tag: string) => elements.find((element) => element.tag === tag)?.value;
  set("x00020001", "OB", Uint8Array.of(0, 1));
  set("x00020002", "UI", inObject("x00080016"));
  set("x00020003", "UI", inObject("x00080018"));
  set("x00020010", "UI", padded(transferSyntaxUid, "\0"));
  set("x00020012", "UI", padded(IMPLEMENTATION_CLASS_UID, "\0"));
  set("x00020013", "SH", padded(IMPLEMENTATION_VERSION_NAME, " "));
  return [...known.values()].sort((a, b) => (a.tag < b.tag ? -1 : 1));
}

function padded(text: string, padding: string): Uint8Array {
  return Buffer.from(text.length % 2 === 0 ? text : text + padding, "latin1");
}

function addElements(parts: Parts, elements: RawDataSet, outer: Encoding): void {
  const representation = elements.find(({ tag }) => tag === "x00280103")?.value;
  const signed = representation instanceof Uint8Array ? representation[0] === 1 : outer.signed;
  for (const element of elements) addElement(parts, element, { ...outer, signed });
}

function addElement(parts: Parts, element: RawElement, encoding: Encoding): void {
  const { tag, value, undefinedLength = false } = element;
  const vr = encoding.explicit ? writtenVr(element, encoding) : undefined;
  if (value instanceof Uint8Array) {
    parts.add(elementHeader(tag, vr, undefinedLength ? UNDEFINED_LENGTH : value.length), value);
    return;
  }
  const content = new Parts();
  // What is in UN is in implicit encoding, and its undefined length says that it is a sequence (PS3.5 6.2.2).
  for (const item of value) addItem(content, item, { ...encoding, explicit: vr !== undefined && vr !== "UN" });
  const delimited = undefinedLength || (vr === "UN" && element.vr === undefined);
  parts.add(elementHeader(tag, vr, delimited ? UNDEFINED_LENGTH : content.length));
  parts.addAll(content);
  if (delimited) parts.add(implicitHeader(SEQUENCE_DELIMITATION, 0));
}

function addItem(parts: Parts, item: RawDataSet, encoding: Encoding): void {
  const content = new Parts();
  addElements(content, item, encoding);
  parts.add(implicitHeader(ITEM, content.length));
  parts.addAll(content);
}

/** A sequence is SQ or unknown, a value neither; what fits no length of two bytes is unknown too (PS3.5 6.2.2). */
function writtenVr({ tag, vr, value, undefinedLength }: RawElement, { signed }: Encoding): string {
  const found = vr ?? vrOfTag(tag, signed);
  const form = lengthForm(found);
  const isSequence = !(value instanceof Uint8Array);
  if (form === undefined) return "UN";
  if (isSequence) return found === "SQ" ? "SQ" : "UN";
  if (undefinedLength) return vr === undefined || vr === "UN" || !form.long ? "OB" : vr;
  if (found === "SQ" && value.length > 0) return "UN";
  return !form.long && value.length > LONGEST_SHORT_VALUE ? "UN" : found;
}

function elementHeader(tag: string, vr: string | undefined, length: number): Buffer {
  const number = Number.parseInt(tag.slice(1), 16);
  if (vr === undefined) return implicitHeader(number, length);
  const long = lengthForm(vr)!.long;
  const header = Buffer.alloc(long ? 12 : 8);
  writeTag(header, number);
  header.write(vr, 4, "latin1");
  if (long) header.writeUInt32LE(length, 8);
  else header.writeUInt16LE(length, 6);
  return header;
}

/** Also of an item. */
function implicitHeader(tag: number, length: number): Buffer {
  const header = Buffer.alloc(8);
  writeTag(header, tag);
  header.writeUInt32LE(length, 4);
  return header;
}

function writeTag(header: Buffer, tag: number): void {
  header.writeUInt16LE(tag >>> 16, 0);
  header.writeUInt16LE(tag & 0xffff, 2);
}

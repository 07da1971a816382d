import { deflateRawSync } from "node:zlib";
import { TRANSFER_SYNTAX } from "../../src/dicom/uids.ts";

/** Builders of DICOM bytes that are wrong on purpose, element by element. */

const LONG_VRS = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]);

export const UNDEFINED_LENGTH = 0xffffffff;

/** An element in Explicit VR Little Endian; `length` may lie. */
export function element(tag: number, vr: string, value: Uint8Array | string, length?: number): Buffer {
  const bytes = Buffer.from(value);
  const claimed = length ?? bytes.length;
  const head = Buffer.alloc(LONG_VRS.has(vr) ? 12 : 8);
  writeTag(head, tag);
  head.write(vr, 4, "latin1");
  if (head.length === 12) head.writeUInt32LE(claimed, 8);
  else head.writeUInt16LE(claimed, 6);
  return Buffer.concat([head, bytes]);
}

/** An element in Implicit VR Little Endian, an item, or a delimiter. */
export function implicit(tag: number, value: Uint8Array | string = "", length?: number): Buffer {
  const bytes = Buffer.from(value);
  const head = Buffer.alloc(8);
  writeTag(head, tag);
  head.writeUInt32LE(length ?? bytes.length, 4);
  return Buffer.concat([head, bytes]);
}

/** Preamble, meta header and these elements; `transferSyntaxUid` null leaves it out of the meta header. */
export function part10(elements: Uint8Array[], transferSyntaxUid: string | null, ...meta: Uint8Array[]): Buffer {
  const syntax = transferSyntaxUid === null ? [] : [element(0x00020010, "UI", evenLength(transferSyntaxUid))];
  return Buffer.concat([Buffer.alloc(128), Buffer.from("DICM"), ...meta, ...syntax, ...elements]);
}

/** A file whose data set is deflated. */
export function deflated(dataset: Uint8Array): Buffer {
  return part10([deflateRawSync(dataset)], TRANSFER_SYNTAX.deflatedExplicitLittleEndian);
}

/** A sequence in a sequence in a sequence, none of which is ever closed. */
export function nestedSequences(depth: number): Buffer {
  const level = Buffer.concat([
    element(0x00081140, "SQ", "", UNDEFINED_LENGTH),
    implicit(0xfffee000, "", UNDEFINED_LENGTH),
  ]);
  return Buffer.concat(new Array<Buffer>(depth).fill(level));
}

export function evenLength(text: string): string {
  return text.length % 2 === 0 ? text : `${text}\0`;
}

function writeTag(head: Buffer, tag: number): void {
  head.writeUInt16LE(tag >>> 16, 0);
  head.writeUInt16LE(tag & 0xffff, 2);
}

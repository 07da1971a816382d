import { VigilError } from "../errors.ts";
import type { Element } from "./part10.ts";

/**
 * Compressed frames in Pixel Data (PS3.5 A.4): a sequence of items, the first of which is an offset table, and of which
 * one or several make a frame. Offset tables, basic and extended, are often empty, missing or wrong, and nothing needs
 * them: each frame begins a codestream of its own, and every codestream announces itself.
 */

const ITEM = 0xfffee000;
const SEQUENCE_DELIMITATION = 0xfffee0dd;

/** First bytes: JPEG and JPEG-LS (SOI), JPEG 2000 and HTJ2K (SOC, SIZ), the same in a JP2 box. */
const STARTS = [
  [0xff, 0xd8, 0xff],
  [0xff, 0x4f, 0xff, 0x51],
  [0x00, 0x00, 0x00, 0x0c, 0x6a, 0x50, 0x20, 0x20],
];

/**
 * The codestream of each frame: a view of the file, or a copy where it lies in several fragments.
 * @throws VigilError dicom-unreadable
 */
export function encapsulatedFrames(file: Uint8Array, element: Element, frames: number, where: string): Uint8Array[] {
  const items = itemsOf(file, element.dataOffset, where);
  const first = items.findIndex(startsCodestream);
  // All before it but one offset table would be a frame that nobody can read.
  if (first < 0 || first > 1) throw unreadable(where, "its compressed pixel data has no beginning that is known");
  const fragments = items.slice(first).filter(({ length }) => length > 0);
  const starts = fragments.flatMap((fragment, i) => (startsCodestream(fragment) ? [i] : []));
  if (starts.length !== frames) throw unreadable(where, `it holds ${starts.length} frames and says ${frames}`);
  return starts.map((start, frame) => joined(fragments.slice(start, starts[frame + 1])));
}

function unreadable(where: string, what: string): VigilError {
  return new VigilError("dicom-unreadable", `${where}: ${what}`);
}

/** The values of all items; one that is cut off ends the reading. */
function itemsOf(file: Uint8Array, offset: number, where: string): Uint8Array[] {
  // Encapsulated pixel data is always little endian (PS3.5 A.4).
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const items: Uint8Array[] = [];
  for (let at = offset; at + 8 <= file.length; ) {
    const tag = view.getUint16(at, true) * 0x10000 + view.getUint16(at + 2, true);
    const length = view.getUint32(at + 4, true);
    if (tag === SEQUENCE_DELIMITATION) return items;
    if (tag !== ITEM) throw unreadable(where, "its compressed pixel data is broken off by something else");
    if (at + 8 + length > file.length) throw unreadable(where, "its compressed pixel data is cut off");
    items.push(file.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  // Without a delimitation, a whole last item is a whole file all the same; a codestream says itself whether it ended.
  return items;
}

function startsCodestream(fragment: Uint8Array): boolean {
  return STARTS.some((start) => start.every((byte, i) => fragment[i] === byte)) || startsRle(fragment);
}

/** The header of an RLE frame: the number of segments, then their offsets, the first of which is its own length (PS3.5 G.5). */
function startsRle(fragment: Uint8Array): boolean {
  if (fragment.length < 64) return false;
  const [segments, zero1, zero2, zero3, offset, ...zeros] = fragment.subarray(0, 8);
  return segments! >= 1 && segments! <= 15 && offset === 64 && [zero1, zero2, zero3, ...zeros].every((byte) => !byte);
}

function joined(fragments: Uint8Array[]): Uint8Array {
  return fragments.length === 1 ? fragments[0]! : Buffer.concat(fragments);
}

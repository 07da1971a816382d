import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { deflateRawSync } from "node:zlib";
import type { DataSet, Element } from "../../src/dicom/data-set.ts";
import { looksLikeDicom, parsePart10 } from "../../src/dicom/part10.ts";
import { TRANSFER_SYNTAX } from "../../src/dicom/uids.ts";
import { deflated, element, implicit, nestedSequences } from "./hostile-dicom.ts";
import { sharedData } from "./shared-data.ts";
import { chestStudy, headStudy } from "./studies.ts";

/** Damaged DICOM files by the thousand, the same for the same seed. */

export interface Original {
  name: string;
  bytes: Uint8Array;
  /** Of all depths; empty where the file cannot be parsed or is deflated. */
  elements: Element[];
}

export type Random = (below: number) => number;

/** mulberry32 */
export function randomNumbers(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** Folders of real images that `originals` reads. */
export const SOURCES = ["robustness", "dcm-qa-ct", "rsna-slices"];

export function originals(): Original[] {
  const generated = [headStudy("mutations"), chestStudy("mutations")].map(({ instances }, i) => ({
    name: `phantom ${i}`,
    bytes: instances[0]!.bytes,
  }));
  const robustness = sharedData("robustness");
  const found = readdirSync(robustness, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  const files = [
    ...found,
    path.join(sharedData("dcm-qa-ct"), "In/GE/14.dcm"),
    path.join(sharedData("rsna-slices"), "dicom/ID_000012eaf.dcm"),
  ];
  const read = files.map((name) => ({ name: path.basename(name), bytes: new Uint8Array(readFileSync(name)) }));
  return [...generated, ...read.filter(({ bytes }) => looksLikeDicom(bytes))].map((original) => ({
    ...original,
    elements: elementsOf(original.bytes),
  }));
}

function elementsOf(bytes: Uint8Array): Element[] {
  try {
    const dataset = parsePart10(bytes, "original");
    return dataset.byteArray === bytes ? flat(dataset) : [];
  } catch {
    return [];
  }
}

function flat(dataset: DataSet): Element[] {
  return Object.values(dataset.elements).flatMap((one) => [
    one,
    ...(one.items ?? []).flatMap((item) => flat(item.dataSet)),
  ]);
}

const TRANSFER_SYNTAX_ELEMENT = Buffer.from("\x02\0\x10\0UI", "latin1");

type Mutation = (original: Original, random: Random) => Uint8Array;

const LENGTHS = [0, 1, 2, 3, 7, 0x7fff, 0xfffe, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
const TAGS = [
  0xfffee000, 0xfffee00d, 0xfffee0dd, 0x7fe00010, 0x7fe00001, 0x00280010, 0x00280008, 0x00020010, 0x00080005,
  0x52009230,
];
const VRS = ["SQ", "UN", "OB", "OW", "US", "UT", "UI", "DS", "OV", "ZZ", "??", "\0\0", "sq"];
/** Rows, Columns, Samples per Pixel, Bits Allocated, Bits Stored, High Bit, Pixel Representation, padding, planar. */
const NUMBERS = [0x10, 0x11, 0x02, 0x100, 0x101, 0x102, 0x103, 0x120, 0x06].map((low) => 0x00280000 + low);
const TEXTS = [
  "",
  "\\",
  "\\".repeat(2000),
  "\x1b$B\x1b(B\x1b",
  "9".repeat(64),
  "NaN",
  "-1e308",
  "..",
  "\0",
  "ISO 2022 IR 87",
];
const SYNTAXES = [...Object.values(TRANSFER_SYNTAX), "1.2.840.113619.5.2", "nonsense"];
const FRAMES = ["0", "-1", "2", "1000", "2147483647", "1e9", "x"];

/** Zeros, inflated to more than is taken, and to less. */
const bombs = [400_000_000, 90_000_000].map((length) => deflated(new Uint8Array(length)));

const headBytes = 2500;
const place = (bytes: Uint8Array, random: Random) =>
  random(random(3) > 0 ? Math.min(headBytes, bytes.length) : bytes.length);
const pick = <T>(values: readonly T[], random: Random): T => values[random(values.length)]!;
const splice = (bytes: Uint8Array, at: number, removed: number, ...inserted: Uint8Array[]) =>
  new Uint8Array(
    Buffer.concat([bytes.subarray(0, at), ...inserted, bytes.subarray(Math.min(bytes.length, at + removed))]),
  );

function noise(length: number, random: Random): Uint8Array {
  return Uint8Array.from({ length }, () => random(256));
}

/** Where an element's tag begins; `lengthBytes` stand right before its value. */
function shapeOf(bytes: Uint8Array, { dataOffset, vr }: Element): { start: number; lengthBytes: 2 | 4 } {
  const short = String.fromCharCode(...bytes.subarray(dataOffset - 4, dataOffset - 2)) === vr;
  const long = String.fromCharCode(...bytes.subarray(dataOffset - 8, dataOffset - 6)) === vr;
  return { start: dataOffset - (long && !short ? 12 : 8), lengthBytes: short ? 2 : 4 };
}

const mutations: Record<string, Mutation> = {
  "bytes flipped": ({ bytes }, random) => {
    const changed = bytes.slice();
    for (let count = 1 + random(8); count > 0 && bytes.length > 0; count--) changed[place(bytes, random)] = random(256);
    return changed;
  },
  "cut off": ({ bytes }, random) => bytes.slice(0, place(bytes, random)),
  "a length lies": (original, random) =>
    patched(original, random, (changed, one) => {
      const { lengthBytes } = shapeOf(changed, one);
      const length = random(4) === 0 ? random(changed.length * 2) : pick(LENGTHS, random);
      new DataView(changed.buffer).setUint16(one.dataOffset - lengthBytes, length & 0xffff, true);
      if (lengthBytes === 4) new DataView(changed.buffer).setUint32(one.dataOffset - 4, length, true);
    }),
  "another tag": (original, random) =>
    patched(original, random, (changed, one) => {
      const tag = random(3) === 0 ? random(2 ** 32) : pick(TAGS, random);
      const { start } = shapeOf(changed, one);
      new DataView(changed.buffer).setUint16(start, tag >>> 16, true);
      new DataView(changed.buffer).setUint16(start + 2, tag & 0xffff, true);
    }),
  "another VR": (original, random) =>
    patched(original, random, (changed, one) => {
      changed.set(Buffer.from(pick(VRS, random), "latin1"), shapeOf(changed, one).start + 4);
    }),
  "another text": (original, random) =>
    patched(original, random, (changed, one) => {
      const text = Buffer.from(pick(TEXTS, random), "latin1").subarray(0, one.length);
      changed.fill(0x20, one.dataOffset, one.dataOffset + Math.min(one.length, 1000));
      changed.set(text, one.dataOffset);
    }),
  "another transfer syntax": ({ bytes }, random) => {
    const changed = Buffer.from(bytes);
    const start = changed.indexOf(TRANSFER_SYNTAX_ELEMENT);
    if (start === -1) return bytes;
    const room = changed.length - start - 8;
    if (room <= 0) return bytes;
    const length = Math.min(room, changed.readUInt16LE(start + 6));
    changed.fill(0, start + 8, start + 8 + length).write(pick(SYNTAXES, random).slice(0, length), start + 8);
    return new Uint8Array(changed);
  },
  "size and pixel format lie": (original, random) => {
    const tag = `x${pick(NUMBERS, random).toString(16).padStart(8, "0")}`;
    return patchedAt(original, tag, (changed, one) => {
      new DataView(changed.buffer).setUint16(
        one.dataOffset,
        pick([0, 1, 3, 8, 12, 16, 17, 32, 4096, 0xffff], random),
        true,
      );
    });
  },
  "number of frames lies": (original, random) => {
    const rows = original.elements.find(({ tag }) => tag === "x00280010");
    if (rows === undefined) return original.bytes;
    const { start, lengthBytes } = shapeOf(original.bytes, rows);
    const frames = Buffer.from(pick(FRAMES, random).padEnd(12));
    return splice(
      original.bytes,
      start,
      0,
      lengthBytes === 2 ? element(0x00280008, "IS", frames) : implicit(0x00280008, frames),
    );
  },
  "a block inserted": ({ bytes }, random) => splice(bytes, place(bytes, random), 0, noise(1 + random(3000), random)),
  "a block removed": ({ bytes }, random) => splice(bytes, place(bytes, random), 1 + random(3000)),
  "a block of zeros": ({ bytes }, random) => {
    const start = place(bytes, random);
    return bytes.slice().fill(0, start, start + random(5000));
  },
  "a block repeated": ({ bytes }, random) => {
    const start = place(bytes, random);
    return splice(bytes, start, 0, bytes.subarray(start, start + random(3000)));
  },
  "ten thousand sequences": (original, random) => {
    const { bytes, elements } = original;
    const start = elements.length === 0 ? place(bytes, random) : shapeOf(bytes, pick(elements, random)).start;
    return splice(bytes, start, 0, nestedSequences(10_000));
  },
  "a deflate bomb": ({ bytes }, random) =>
    random(10) === 0
      ? new Uint8Array(pick(bombs, random))
      : new Uint8Array(deflated(bytes.subarray(place(bytes, random)))),
  "half a deflated data set": ({ bytes }, random) => {
    const stream = deflateRawSync(bytes.subarray(0, 20_000));
    return new Uint8Array(deflated(bytes).subarray(0, 160 + random(stream.length)));
  },
};

function patched(
  original: Original,
  random: Random,
  patch: (changed: Uint8Array<ArrayBuffer>, one: Element) => void,
): Uint8Array {
  const changed = new Uint8Array(original.bytes);
  const inside = original.elements.filter(
    ({ dataOffset, length }) => dataOffset >= 12 && dataOffset + length <= changed.length,
  );
  if (inside.length > 0) patch(changed, pick(inside, random));
  return changed;
}

function patchedAt(
  original: Original,
  tag: string,
  patch: (changed: Uint8Array<ArrayBuffer>, one: Element) => void,
): Uint8Array {
  const elements = original.elements.filter((one) => one.tag === tag && one.length >= 2);
  return patched({ ...original, elements }, () => 0, patch);
}

/** After most of the others nothing is left to decode: these come three times as often. */
const GENTLE = [
  "bytes flipped",
  "another text",
  "size and pixel format lie",
  "number of frames lies",
  "another transfer syntax",
];
const NAMES = [...Object.keys(mutations), ...GENTLE, ...GENTLE];

/** One damage, or up to three of them one upon the other. */
export function mutated(original: Original, random: Random): { bytes: Uint8Array; damage: string } {
  const damages: string[] = [];
  let { bytes } = original;
  for (let count = pick([1, 1, 1, 2, 3], random); count > 0; count--) {
    const name = pick(NAMES, random);
    // What moved the bytes made the list of elements useless.
    const elements = bytes.length === original.bytes.length ? original.elements : [];
    bytes = mutations[name]!({ ...original, bytes, elements }, random);
    damages.push(name);
  }
  return { bytes, damage: damages.join(", ") };
}

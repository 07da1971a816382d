import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { encapsulatedFrames } from "../../src/dicom/encapsulated.ts";
import { PIXEL_DATA, parsePart10 } from "../../src/dicom/part10.ts";
import { enhancedCt } from "../../src/phantom/enhanced-ct.ts";
import { chestPhantom } from "../../src/phantom/phantoms.ts";
import { rewritten } from "../support/dcmtk.ts";
import { needs, sharedData } from "../support/shared-data.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const folder = temporaryFolder();

const SOI = [0xff, 0xd8, 0xff, 0xf7];
const FRAMES = [
  [...SOI, 1, 2],
  [...SOI, 3, 4],
];

function item(bytes: number[], tag = [0xfe, 0xff, 0x00, 0xe0]): number[] {
  return [...tag, bytes.length, 0, 0, 0, ...bytes];
}

const END = item([], [0xfe, 0xff, 0xdd, 0xe0]);
const NO_TABLE = item([]);

function frames(count: number, ...parts: number[][]): number[][] {
  const bytes = Uint8Array.from(parts.flat());
  const element = { tag: PIXEL_DATA, length: bytes.length, dataOffset: 0 };
  return encapsulatedFrames(bytes, element, count, "x.dcm").map((frame) => [...frame]);
}

test("frames are found by where their codestreams begin, whatever the offset table says", () => {
  const fragments = FRAMES.map((frame) => item(frame));
  const right = item([0, 0, 0, 0, 14, 0, 0, 0]);
  const wrong = item([9, 0, 0, 0, 99, 99, 0, 0]);
  for (const table of [[], NO_TABLE, right, wrong]) {
    assert.deepEqual(frames(2, table, ...fragments, END), FRAMES);
  }
});

test("a frame may lie in several fragments, also empty ones", () => {
  const fragments = FRAMES.flatMap((frame) => [item(frame.slice(0, 4)), item([]), item(frame.slice(4))]);
  assert.deepEqual(frames(2, NO_TABLE, ...fragments, item([]), END), FRAMES);
});

test("the delimitation at the end may be missing", () => {
  assert.deepEqual(frames(1, NO_TABLE, item(FRAMES[0]!)), [FRAMES[0]]);
});

test("more or fewer frames than the file says are refused", () => {
  const refused = (count: number, parts: number[][], message: RegExp) =>
    assert.throws(() => frames(count, ...parts), { code: "dicom-unreadable", message });
  const fragments = FRAMES.map((frame) => item(frame));
  refused(1, [NO_TABLE, ...fragments, END], /x\.dcm: it holds 2 frames and says 1/);
  refused(3, [NO_TABLE, ...fragments, END], /it holds 2 frames and says 3/);
  refused(1, [NO_TABLE, END], /no beginning/);
  refused(1, [NO_TABLE, item([1, 2, 3, 4]), ...fragments, END], /no beginning/);
  refused(1, [NO_TABLE, item(FRAMES[0]!).slice(0, -1)], /cut off/);
  refused(1, [NO_TABLE, item(FRAMES[0]!), item([1, 2], [1, 2, 3, 4])], /broken off/);
});

test("two real JPEGs in many fragments without an offset table are two codestreams", needs("robustness"), () => {
  const images = "cornerstone-wado/testImages/CT0012.fragmented_no_bot_jpeg_baseline.51.dcm";
  const file = path.join(sharedData("robustness"), images);
  const dataset = parsePart10(readFileSync(file), file);
  const element = dataset.elements[PIXEL_DATA]!;
  assert.ok(element.fragments!.length > 2);
  for (const frame of encapsulatedFrames(dataset.byteArray, element, 2, file)) {
    assert.deepEqual([...frame.subarray(0, 2)], [0xff, 0xd8]);
    assert.ok(Buffer.from(frame.subarray(-3)).includes(Buffer.from([0xff, 0xd9])));
  }
});

test("the frames of a multi-frame image are found in whole and in broken-up codestreams", () => {
  const volume = chestPhantom();
  const who = { studyKey: "frames", patientName: "Test^Patient", patientId: "1", studyDescription: "CT chest" };
  const bytes = enhancedCt(volume, who);
  const whole = rewritten(bytes, folder, "dcmcrle");
  const broken = rewritten(bytes, folder, "dcmcrle", "+fs", "1");
  const [expected, found] = [whole, broken].map((file) => {
    const dataset = parsePart10(file, "x.dcm");
    return encapsulatedFrames(dataset.byteArray, dataset.elements[PIXEL_DATA]!, volume.slices, "x.dcm");
  });
  assert.equal(expected!.length, volume.slices);
  for (const [i, frame] of expected!.entries()) assert.ok(Buffer.from(frame).equals(found![i]!), `frame ${i + 1}`);
});

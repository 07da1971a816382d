import assert from "node:assert/strict";
import { test } from "node:test";
import { canDecode, decodeFrame, type FrameFormat } from "../../../src/dicom/codecs/decode-frame.ts";
import { TRANSFER_SYNTAX } from "../../../src/dicom/uids.ts";
import { rewritten } from "../../support/dcmtk.ts";
import {
  htj2kFrame,
  type PixelKind,
  phantomImage,
  type StoredFrame,
  storedFrame,
} from "../../support/encoded-frames.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const folder = temporaryFolder();

function encoded(kind: PixelKind, ...command: [string, ...string[]]): StoredFrame {
  return storedFrame(rewritten(phantomImage(kind, 64), folder, ...command));
}

async function decoded(frame: StoredFrame, bytes = frame.bytes, format: Partial<FrameFormat> = {}): Promise<Buffer> {
  return Buffer.from(await decodeFrame(frame.transferSyntaxUid, bytes, { ...frame.format, ...format }));
}

/** Where these bytes begin. */
function find(bytes: Uint8Array, ...wanted: number[]): number {
  const at = Buffer.from(bytes).indexOf(Buffer.from(wanted));
  assert.ok(at >= 0);
  return at;
}

const inserted = (bytes: Uint8Array, at: number, ...more: number[]) =>
  Uint8Array.from([...bytes.subarray(0, at), ...more, ...bytes.subarray(at)]);

function replaced(bytes: Uint8Array, at: number, ...others: number[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(others, at);
  return copy;
}

const jpeg = encoded("12 bit unsigned", "dcmcjpeg", "+ee");
const lossless = encoded("16 bit signed", "dcmcjpeg", "+e1");
const jpegLs = encoded("16 bit signed", "dcmcjpls");
const jpeg2000 = encoded("16 bit signed", "gdcmconv", "--j2k");
const htj2k = await htj2kFrame(phantomImage("16 bit signed", 64), TRANSFER_SYNTAX.htj2kLossless);
const rle = encoded("16 bit signed", "dcmcrle");

/** The size in the header of each, and the bytes that say 65535 x 65535 there. */
const sizes = [
  { name: "JPEG", frame: jpeg, at: find(jpeg.bytes, 0xff, 0xc1) + 5, bomb: [0xff, 0xff, 0xff, 0xff] },
  { name: "JPEG Lossless", frame: lossless, at: find(lossless.bytes, 0xff, 0xc3) + 5, bomb: [0xff, 0xff, 0xff, 0xff] },
  { name: "JPEG-LS", frame: jpegLs, at: find(jpegLs.bytes, 0xff, 0xf7) + 5, bomb: [0xff, 0xff, 0xff, 0xff] },
  { name: "JPEG 2000", frame: jpeg2000, at: 8, bomb: [0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff] },
  { name: "HTJ2K", frame: htj2k, at: 8, bomb: [0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff] },
];

for (const { name, frame, at, bomb } of sizes) {
  test(`a ${name} bitstream of 65535 x 65535 pixels is refused before anything is allocated`, async () => {
    const before = process.memoryUsage().arrayBuffers;
    const bytes = replaced(frame.bytes, at, ...bomb);
    await assert.rejects(decoded(frame, bytes), { code: "pixels-unsupported" });
    await assert.rejects(decoded(frame, bytes, { rows: 65535, columns: 65535 }), { code: "pixels-unsupported" });
    assert.ok(process.memoryUsage().arrayBuffers - before < 10_000_000);
  });

  test(`a ${name} bitstream whose size is not that of the header is refused`, async () => {
    await assert.rejects(decoded(frame, frame.bytes, { rows: 63 }), { code: "pixels-unsupported", message: /64 x 64/ });
    await assert.rejects(decoded(frame, frame.bytes, { rows: 128 }), { code: "pixels-unsupported" });
  });

  test(`a ${name} bitstream with more bits than are allocated is refused`, async () => {
    await assert.rejects(decoded(frame, frame.bytes, { bitsAllocated: 8 }), { code: "pixels-unsupported" });
  });

  test(`a ${name} bitstream with bytes of padding behind it, or without its end marker, is read`, async () => {
    const whole = await decoded(frame);
    const end = Buffer.from(frame.bytes).lastIndexOf(Buffer.from([0xff, 0xd9]));
    for (const bytes of [
      Buffer.concat([frame.bytes, Buffer.from([0])]),
      Buffer.concat([frame.bytes, Buffer.alloc(7)]),
      frame.bytes.subarray(0, end),
    ]) {
      assert.ok((await decoded(frame, bytes)).equals(whole));
    }
  });
}

test("an RLE frame of another size or depth than the header says is an error", async () => {
  await assert.rejects(decoded(rle, rle.bytes, { rows: 65 }), { code: "dicom-unreadable" });
  await assert.rejects(decoded(rle, rle.bytes, { bitsAllocated: 8 }), { code: "pixels-unsupported" });
  await assert.rejects(decoded(rle, rle.bytes, { rows: 65535, columns: 65535 }), { code: "pixels-unsupported" });
});

test("a JPEG bitstream with JFIF, Exif and comment segments is read", async () => {
  const jfif = [0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0];
  // What an Exif thumbnail may hold: markers that belong to another image.
  const exif = [0xff, 0xe1, 0, 8, 0xff, 0xd8, 0xff, 0xc0, 0xff, 0xd9];
  const comment = [0xff, 0xff, 0xfe, 0, 4, 0x68, 0x69];
  for (const frame of [jpeg, lossless]) {
    const bytes = inserted(frame.bytes, 2, ...jfif, ...exif, ...comment);
    assert.ok((await decoded(frame, bytes)).equals(await decoded(frame)));
  }
});

test("a colour image is refused", async () => {
  const at = find(jpeg2000.bytes, 0xff, 0x51) + 38;
  await assert.rejects(decoded(jpeg2000, replaced(jpeg2000.bytes, at, 0, 3)), { message: /3 components/ });
});

test("lossy JPEG of 16 bits, which no decoder reads the same, is refused", async () => {
  const frame = encoded("12 bit unsigned", "gdcmconv", "--jpeg", "--lossy", "-q", "80");
  await assert.rejects(decoded(frame), { code: "pixels-unsupported", message: /16 bits/ });
});

test("a progressive JPEG that ends after some of its scans is an error", async () => {
  const frame = encoded("12 bit unsigned", "dcmcjpeg", "+ep");
  const lastScan = Buffer.from(frame.bytes).lastIndexOf(Buffer.from([0xff, 0xc4]));
  const bytes = Buffer.concat([frame.bytes.subarray(0, lastScan), Buffer.from([0xff, 0xd9])]);
  await assert.rejects(decoded(frame, bytes), { code: "dicom-unreadable", message: /between two scans/ });
});

test("samples of 8 bits fill words of 16", async () => {
  for (const command of [["dcmcjpeg", "+eb"], ["dcmcjpls"], ["gdcmconv", "--j2k"]] as [string, ...string[]][]) {
    const frame = encoded("8 bit unsigned", ...command);
    const pixels = await decoded(frame, frame.bytes, { bitsAllocated: 16 });
    const narrow = await decoded(frame);
    assert.deepEqual([...new Uint16Array(new Uint8Array(pixels).buffer)], [...narrow]);
  }
});

test("a JPEG 2000 image in the boxes of a JP2 file is read", async () => {
  const signature = [0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20, 0x0d, 0x0a, 0x87, 0x0a];
  const fileType = [0, 0, 0, 20, ...Buffer.from("ftypjp2 \0\0\0\0jp2 ", "latin1")];
  const bytes = Uint8Array.from([...signature, ...fileType, 0, 0, 0, 0, ...Buffer.from("jp2c"), ...jpeg2000.bytes]);
  assert.ok((await decoded(jpeg2000, bytes)).equals(await decoded(jpeg2000)));
});

test("a JPEG 2000 image that asks for millions of packets or tiles is refused", async () => {
  const codingStyle = find(jpeg2000.bytes, 0xff, 0x52);
  const layers = replaced(jpeg2000.bytes, codingStyle + 6, 0xff, 0xff);
  await assert.rejects(decoded(jpeg2000, layers), { code: "pixels-unsupported", message: /packets/ });
  const tiles = replaced(jpeg2000.bytes, 24, 0, 0, 0, 1, 0, 0, 0, 1);
  await assert.rejects(decoded(jpeg2000, tiles), { code: "pixels-unsupported", message: /4096 tiles/ });
});

test("a JPEG 2000 image without one of its tiles, or without the data of a tile, is an error", async () => {
  const twoTiles = replaced(jpeg2000.bytes, 24, 0, 0, 0, 64, 0, 0, 0, 32);
  await assert.rejects(decoded(jpeg2000, twoTiles), { code: "dicom-unreadable", message: /1 of 2 tiles/ });
  const tilePart = find(jpeg2000.bytes, 0xff, 0x90);
  const data = find(jpeg2000.bytes, 0xff, 0x93) + 2;
  const header = replaced(jpeg2000.bytes, tilePart + 6, 0, 0, 0, data - tilePart).subarray(0, data);
  const empty = Buffer.concat([header, Buffer.from([0xff, 0xd9])]);
  await assert.rejects(decoded(jpeg2000, empty), { code: "dicom-unreadable", message: /cut off/ });
});

test("a transfer syntax that is no compression, or unknown, is refused by its name", async () => {
  for (const syntax of [TRANSFER_SYNTAX.explicitLittleEndian, "1.2.840.10008.1.2.4.100", "__proto__"]) {
    assert.equal(canDecode(syntax), false);
    await assert.rejects(decodeFrame(syntax, rle.bytes, rle.format), { code: "pixels-unsupported" });
  }
});

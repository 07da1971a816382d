import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeFrame } from "../../../src/dicom/codecs/decode-frame.ts";
import { TRANSFER_SYNTAX } from "../../../src/dicom/uids.ts";
import { VigilError } from "../../../src/errors.ts";
import { rewritten } from "../../support/dcmtk.ts";
import {
  htj2kFrame,
  type PixelKind,
  phantomImage,
  type StoredFrame,
  seededRandom,
  storedFrame,
} from "../../support/encoded-frames.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const CUTS = 20;
const MUTATIONS = 250;
const MAX_MS = 2000;
const SIZE = 64;

const folder = temporaryFolder();

function encoded(kind: PixelKind, command: string): StoredFrame {
  const [tool, ...options] = command.split(" ") as [string, ...string[]];
  return storedFrame(rewritten(phantomImage(kind, SIZE), folder, tool, ...options));
}

const frames: StoredFrame[] = [
  encoded("16 bit signed", "dcmcrle"),
  encoded("8 bit unsigned", "dcmcjpeg +eb"),
  encoded("12 bit unsigned", "dcmcjpeg +ee"),
  encoded("12 bit unsigned", "dcmcjpeg +es"),
  encoded("12 bit unsigned", "dcmcjpeg +ep"),
  encoded("12 bit unsigned", "dcmcjpeg +el +sv 6"),
  encoded("16 bit signed", "dcmcjpeg +e1"),
  encoded("16 bit signed", "dcmcjpls +el"),
  encoded("12 bit unsigned", "dcmcjpls +en"),
  encoded("16 bit signed", "gdcmconv --j2k"),
  encoded("12 bit unsigned", "gdcmconv --j2k --lossy -r 6"),
  await htj2kFrame(phantomImage("16 bit signed", SIZE), TRANSFER_SYNTAX.htj2kLossless),
  await htj2kFrame(phantomImage("12 bit unsigned", SIZE), TRANSFER_SYNTAX.htj2kLosslessRpcl),
  await htj2kFrame(phantomImage("12 bit unsigned", SIZE), TRANSFER_SYNTAX.htj2k),
];

/** The pixels, or null where a catalogued error says that they cannot be had; anything else fails the test. */
async function pixelsOrNull({ transferSyntaxUid, format }: StoredFrame, bytes: Uint8Array): Promise<Buffer | null> {
  const start = performance.now();
  try {
    return Buffer.from(await decodeFrame(transferSyntaxUid, bytes, format));
  } catch (error) {
    assert.ok(error instanceof VigilError, `${error}`);
    assert.match(error.code, /^(pixels-unsupported|dicom-unreadable)$/);
    return null;
  } finally {
    assert.ok(performance.now() - start < MAX_MS);
  }
}

for (const frame of frames) {
  const { transferSyntaxUid, bytes, format } = frame;
  const whole = Buffer.from(await decodeFrame(transferSyntaxUid, bytes, format));

  test(`a ${transferSyntaxUid} frame that is cut off is an error, or has lost nothing of the image`, async () => {
    const random = seededRandom(1);
    const lengths = [bytes.length - 1, bytes.length - 2, bytes.length - 3, 1, 0];
    while (lengths.length < CUTS) lengths.push(Math.floor(random() * bytes.length));
    let errors = 0;
    for (const length of lengths) {
      const pixels = await pixelsOrNull(frame, bytes.slice(0, length));
      if (pixels === null) errors++;
      else assert.ok(pixels.equals(whole), `after ${length} of ${bytes.length} bytes`);
    }
    // Padding and end marker are all that can go.
    assert.ok(errors >= CUTS - 3, `${errors} errors`);
  });

  test(`a ${transferSyntaxUid} frame with a wrong byte decodes or is an error, and the next one decodes`, async () => {
    const random = seededRandom(2);
    for (let mutation = 0; mutation < MUTATIONS; mutation++) {
      const wrong = bytes.slice();
      wrong[Math.floor(random() * wrong.length)]! ^= 1 + Math.floor(random() * 255);
      const pixels = await pixelsOrNull(frame, wrong);
      if (pixels !== null) assert.equal(pixels.length, whole.length);
    }
    assert.ok((await pixelsOrNull(frame, bytes))?.equals(whole));
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeFrame, type FrameFormat } from "../../../src/dicom/codecs/decode-frame.ts";
import { TRANSFER_SYNTAX } from "../../../src/dicom/uids.ts";
import { rewritten } from "../../support/dcmtk.ts";
import { htj2kFrame, PIXEL_KINDS, phantomImage, referencePixels, storedFrame } from "../../support/encoded-frames.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const LOSSLESS = [
  "dcmcrle",
  "dcmcjpeg +e1",
  ...[1, 2, 3, 4, 5, 6, 7].map((predictor) => `dcmcjpeg +el +sv ${predictor}`),
  "dcmcjpls +el",
  "dcmcjpls +el +pz",
  "dcmcjpls +el +t1 5 +t2 9 +t3 30 +rs 32",
  "gdcmconv --rle",
  "gdcmconv --jpeg",
  "gdcmconv --jpegls",
  "gdcmconv --j2k",
];

const LOSSY = [
  "dcmcjpeg +eb",
  "dcmcjpeg +ee",
  "dcmcjpeg +es",
  "dcmcjpeg +ep",
  "dcmcjpeg +el +sv 4 +pt 2",
  "dcmcjpls +en",
  "gdcmconv --jpegls --lossy -e 3",
  "gdcmconv --j2k --lossy -r 10",
];

function words(pixels: Uint8Array, { bitsAllocated, signed }: FrameFormat): number[] {
  if (bitsAllocated === 8) return [...pixels];
  return [...(signed ? new Int16Array(pixels.buffer) : new Uint16Array(pixels.buffer))];
}

for (const kind of PIXEL_KINDS) {
  for (const command of [...LOSSLESS, ...LOSSY]) {
    // dcmtk refuses it.
    if (kind === "16 bit signed" && command === "dcmcjpls +en") continue;
    test(`pixels of ${kind} by ${command} decode to the same bits as with dcmtk or GDCM`, async () => {
      const folder = temporaryFolder();
      const [tool, ...options] = command.split(" ") as [string, ...string[]];
      const source = phantomImage(kind);
      const encoded = rewritten(source, folder, tool, ...options);
      const { transferSyntaxUid, bytes, format } = storedFrame(encoded);
      const pixels = Buffer.from(await decodeFrame(transferSyntaxUid, bytes, format));
      assert.ok(pixels.equals(referencePixels(encoded, folder)));
      assert.equal(pixels.equals(storedFrame(source).bytes), LOSSLESS.includes(command));
    });
  }

  for (const syntax of [TRANSFER_SYNTAX.htj2kLossless, TRANSFER_SYNTAX.htj2kLosslessRpcl]) {
    test(`pixels of ${kind} as HTJ2K ${syntax} decode to themselves`, async () => {
      const source = phantomImage(kind);
      const { bytes, format } = await htj2kFrame(source, syntax);
      const pixels = await decodeFrame(syntax, bytes, format);
      assert.ok(Buffer.from(pixels).equals(storedFrame(source).bytes));
    });
  }

  test(`pixels of ${kind} as lossy HTJ2K decode as the decoder of JPEG 2000 does, but for rounding`, async () => {
    const { bytes, format } = await htj2kFrame(phantomImage(kind), TRANSFER_SYNTAX.htj2k);
    const pixels = await decodeFrame(TRANSFER_SYNTAX.htj2k, bytes, format);
    // OpenJPEG reads HTJ2K too: another library, of other authors, whose wavelets of floats round differently.
    const others = words(await decodeFrame(TRANSFER_SYNTAX.jpeg2000, bytes, format), format);
    const furthest = words(pixels, format).reduce((most, word, i) => Math.max(most, Math.abs(word - others[i]!)), 0);
    assert.ok(furthest <= 1, `${furthest} apart`);
  });
}

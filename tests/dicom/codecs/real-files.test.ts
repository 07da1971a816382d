import assert from "node:assert/strict";
import { globSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { canDecode, decodeFrame } from "../../../src/dicom/codecs/decode-frame.ts";
import { referencePixels, type StoredFrame, storedFrame } from "../../support/encoded-frames.ts";
import { needs, sharedData } from "../../support/shared-data.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

function compressedFrame(file: string): StoredFrame | undefined {
  try {
    const frame = storedFrame(readFileSync(file));
    return canDecode(frame.transferSyntaxUid) ? frame : undefined;
  } catch {
    // Broken on purpose, or no image at all.
    return undefined;
  }
}

describe("the real files", needs("robustness"), () => {
  const root = sharedData("robustness");
  const files = globSync("**/*", { cwd: root })
    .sort()
    .map((name) => ({ name, file: path.join(root, name) }))
    .filter(({ file }) => statSync(file).isFile())
    .map(({ name, file }) => ({ name, file, frame: compressedFrame(file) }))
    .filter(({ frame }) => frame !== undefined);

  test("are 29 compressed images in 11 transfer syntaxes", () => {
    assert.equal(files.length, 29);
    assert.equal(new Set(files.map(({ frame }) => frame!.transferSyntaxUid)).size, 11);
  });

  for (const { name, file, frame } of files) {
    test(`${name} decodes to the same bits as with dcmtk or GDCM`, async () => {
      const expected = referencePixels(readFileSync(file), temporaryFolder());
      const { transferSyntaxUid, bytes, format } = frame!;
      const pixels = await decodeFrame(transferSyntaxUid, bytes, format);
      assert.ok(Buffer.from(expected).equals(pixels));
    });
  }
});

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { withNativePixels } from "../../src/dicom/native-pixels.ts";
import { PIXEL_DATA, parsePart10 } from "../../src/dicom/part10.ts";
import { type RawDataSet, rawFileOf } from "../../src/dicom/raw-data-set.ts";
import { readSlices } from "../../src/dicom/slice.ts";
import { TRANSFER_SYNTAX } from "../../src/dicom/uids.ts";
import { VigilError } from "../../src/errors.ts";
import { rewritten } from "../support/dcmtk.ts";
import { PIXEL_KINDS, phantomImage } from "../support/encoded-frames.ts";
import { needs, sharedData } from "../support/shared-data.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const work = temporaryFolder();

function elementsOf(file: Uint8Array): RawDataSet {
  return rawFileOf(parsePart10(file, "a file")).elements;
}

function pixelsOf(file: Uint8Array): Buffer {
  return Buffer.from(elementsOf(file).find(({ tag }) => tag === PIXEL_DATA)!.value as Uint8Array);
}

/** All but pixels, as text to be compared. */
function restOf(file: Uint8Array): string {
  const text = (elements: RawDataSet): unknown =>
    elements.map(({ tag, vr, value }) => [tag, vr, value instanceof Uint8Array ? [...value] : value.map(text)]);
  return JSON.stringify(text(elementsOf(file).filter(({ tag }) => tag !== PIXEL_DATA)));
}

for (const kind of PIXEL_KINDS) {
  test(`a compressed image of ${kind} gets the stored values that it was made of, and keeps all else`, async () => {
    const original = phantomImage(kind, 64);
    for (const tool of ["dcmcrle", "dcmcjpls", "dcmcjpeg"]) {
      const compressed = rewritten(original, work, tool);
      const native = await withNativePixels(compressed, "compressed");
      assert.equal(parsePart10(native, "native").meta?.string("x00020010"), TRANSFER_SYNTAX.explicitLittleEndian);
      assert.ok(pixelsOf(native).equals(pixelsOf(original)), `${tool} of ${kind}`);
      assert.equal(restOf(native), restOf(compressed));
    }
  });
}

test("an image that is plain already stays as it is, byte for byte", async () => {
  const original = phantomImage("12 bit unsigned", 64);
  assert.equal(await withNativePixels(original, "plain"), original);
  const implicit = rewritten(original, work, "dcmconv", "+ti");
  assert.ok(pixelsOf(await withNativePixels(implicit, "implicit")).equals(pixelsOf(original)));
});

test("every real image that can be read has the same HU afterwards", needs("robustness"), async () => {
  const names = readdirSync(sharedData("robustness"), { recursive: true, encoding: "utf8" });
  let compared = 0;
  for (const name of names.filter((it) => /(\.dcm|CT[12]_\w+)$/.test(it))) {
    const bytes = readFileSync(path.join(sharedData("robustness"), name));
    let read: Awaited<ReturnType<typeof readSlices>>;
    try {
      read = await readSlices({ bytes, file: name });
    } catch (error) {
      assert.ok(error instanceof VigilError, `${name}: ${error}`);
      continue;
    }
    const again = await readSlices({ bytes: await withNativePixels(bytes, name), file: name });
    assert.equal(again.length, read.length);
    for (const [i, { hu }] of again.entries())
      assert.ok(Buffer.from(hu.buffer).equals(Buffer.from(read[i]!.hu.buffer)));
    compared++;
  }
  assert.ok(compared > 20, `only ${compared} images`);
});

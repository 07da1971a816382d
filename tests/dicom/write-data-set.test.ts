import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { parsePart10 } from "../../src/dicom/part10.ts";
import { type RawDataSet, rawFileOf } from "../../src/dicom/raw-data-set.ts";
import { TRANSFER_SYNTAX } from "../../src/dicom/uids.ts";
import { writeDataSet } from "../../src/dicom/write-data-set.ts";
import { VigilError } from "../../src/errors.ts";
import { rewritten } from "../support/dcmtk.ts";
import { element, implicit, part10, UNDEFINED_LENGTH } from "../support/hostile-dicom.ts";
import { needs, sharedData } from "../support/shared-data.ts";
import { filesOf, headStudy } from "../support/studies.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const work = temporaryFolder();

/** What dcmtk reads in a file, values in full, without what tells how it was written; null when it cannot read it. */
function dumped(bytes: Uint8Array): string[] | null {
  const file = path.join(work, "dumped.dcm");
  writeFileSync(file, bytes);
  try {
    const text = execFileSync("dcmdump", ["-q", "+uc", "+L", file], { encoding: "latin1", maxBuffer: 2 ** 30 });
    return text
      .split("\n")
      .map((line) =>
        line.replace(/ +# +[\du].*$/, "").replace(/(Sequence|Item) with (undefined|explicit) length/, "$1"),
      )
      .filter((line) => !/^(#|\(0002,|$)|^ *\(fffe,e0[0d]d\)|,0000\) UL/.test(line));
  } catch {
    return null;
  }
}

/** Everything of it, names and bytes, to be compared. */
function plain(elements: RawDataSet): unknown {
  return elements.map(({ tag, vr, value }) => [
    tag,
    vr,
    value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value.map(plain),
  ]);
}

function files(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name));
}

function roundTrip(bytes: Uint8Array): Uint8Array {
  return writeDataSet(rawFileOf(parsePart10(bytes, "a file")));
}

function mustAgree(file: string, found: string[] | null, expected: string[]): void {
  const at = expected.findIndex((line, i) => line !== found?.[i]);
  const said = `${file}: ${found?.[at]?.slice(0, 200)} instead of ${expected[at]?.slice(0, 200)}`;
  assert.ok(found?.length === expected.length && at === -1, said);
}

test(
  "every real file that can be read is written again with the same values, by dcmtk's reading",
  needs("robustness", "dcm-qa-ct"),
  () => {
    let compared = 0;
    for (const file of [...files(sharedData("robustness")), ...files(sharedData("dcm-qa-ct"))]) {
      const bytes = readFileSync(file);
      let written: Uint8Array;
      try {
        written = roundTrip(bytes);
      } catch (error) {
        assert.ok(error instanceof VigilError && error.code === "dicom-unreadable", `${file}: ${error}`);
        continue;
      }
      const again = plain(rawFileOf(parsePart10(written, file)).elements);
      assert.ok(isDeepStrictEqual(again, plain(rawFileOf(parsePart10(bytes, file)).elements)), file);
      const expected = dumped(bytes);
      if (expected === null) continue;
      mustAgree(file, dumped(written), expected);
      compared++;
    }
    assert.ok(compared > 60, `only ${compared} files`);
  },
);

const number = (bytes: number, value: number) =>
  Buffer.from(Uint8Array.from({ length: bytes }, (_, i) => value >> (8 * i)));

/** An image with numbers of every size, private elements, sequences of both lengths, and one in an element of unknown kind. */
const image = part10(
  [
    element(0x00080005, "CS", "ISO_IR 192"),
    element(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2\0"),
    element(0x00080018, "UI", "1.2.3.45"),
    element(0x00081140, "SQ", Buffer.concat([implicit(0xfffee000, element(0x00081155, "UI", "1.2.3.46"))])),
    element(0x00090010, "LO", "VIGIL TEST"),
    element(0x00091001, "UN", Buffer.from([1, 2, 3, 4])),
    Buffer.concat([
      element(0x00091002, "UN", "", UNDEFINED_LENGTH),
      implicit(0xfffee000, implicit(0x00100010, "Doe^J ")),
      implicit(0xfffee0dd),
    ]),
    element(0x00100010, "PN", "Müller^Ä"),
    element(0x00180050, "DS", "5 "),
    element(0x00181271, "FD", Buffer.alloc(8, 7)),
    element(0x00189305, "FD", Buffer.from([0, 1, 2, 3, 4, 5, 6, 64])),
    element(0x00209057, "UL", number(4, 70_000)),
    element(0x00280009, "AT", Buffer.from([0x18, 0, 0x63, 0x10])),
    element(0x00280010, "US", number(2, 2)),
    element(0x00280011, "US", number(2, 3)),
    element(0x00280100, "US", number(2, 16)),
    element(0x00280103, "US", number(2, 1)),
    element(0x00280120, "SS", number(2, -2000)),
    element(0x7fe00010, "OW", Buffer.from("abcdefghijkl")),
  ],
  TRANSFER_SYNTAX.explicitLittleEndian,
);

test("a data set keeps its values whichever way it was encoded; what is out of use becomes Explicit VR Little Endian", () => {
  const kept = { "+te": "explicitLittleEndian", "+ti": "implicitLittleEndian" } as const;
  const changed = { "+tb": "explicitLittleEndian", "+td": "explicitLittleEndian" } as const;
  for (const [option, syntax] of Object.entries({ ...kept, ...changed })) {
    const encoded = rewritten(image, work, "dcmconv", option);
    const written = roundTrip(encoded);
    assert.equal(parsePart10(written, option).transferSyntaxUid, TRANSFER_SYNTAX[syntax]);
    mustAgree(option, dumped(written), dumped(encoded)!);
  }
});

test("a data set in implicit encoding can be written in the explicit one: private elements become unknown", () => {
  const raw = rawFileOf(parsePart10(rewritten(image, work, "dcmconv", "+ti"), "implicit"));
  const written = writeDataSet({ ...raw, transferSyntaxUid: TRANSFER_SYNTAX.explicitLittleEndian });
  mustAgree("implicit", dumped(written), dumped(image)!);
  const { elements } = parsePart10(written, "explicit");
  assert.equal(elements.x00280120?.vr, "SS", "as Pixel Representation says");
  assert.equal(elements.x00091002?.items?.length, 1);
});

test("pixels whose end was cut off get it back", () => {
  const whole = rewritten(filesOf(headStudy("rle"))[0]!, work, "dcmcrle");
  const cut = whole.subarray(0, whole.length - 8);
  mustAgree("cut off", dumped(roundTrip(cut)), dumped(whole)!);
});

test("the meta information is that of the object, and the preamble is empty", () => {
  const told = part10(
    [element(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2\0"), element(0x00080018, "UI", "1.2.3.45")],
    TRANSFER_SYNTAX.explicitLittleEndian,
    element(0x00020003, "UI", "9.9.9.99"),
  );
  told.write("II*\0 a TIFF image of a patient");
  const written = roundTrip(told);
  assert.ok(written.subarray(0, 128).every((byte) => byte === 0));
  const { meta } = parsePart10(written, "written");
  assert.equal(meta?.string("x00020003"), "1.2.3.45");
  assert.equal(meta?.string("x00020013"), "VIGIL_0_1");
});

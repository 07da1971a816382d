import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import type { DataSet } from "../../src/dicom/data-set.ts";
import { headersFromDataSet } from "../../src/dicom/header.ts";
import { looksLikeDicom, PIXEL_DATA, parsePart10, transferSyntaxOf, valueBytes } from "../../src/dicom/part10.ts";
import { TRANSFER_SYNTAX } from "../../src/dicom/uids.ts";
import { VigilError } from "../../src/errors.ts";
import {
  deflated,
  element,
  evenLength,
  implicit,
  nestedSequences,
  part10,
  UNDEFINED_LENGTH,
} from "../support/hostile-dicom.ts";
import { needs, sharedData } from "../support/shared-data.ts";

const { explicitLittleEndian, implicitLittleEndian, explicitBigEndian, rleLossless } = TRANSFER_SYNTAX;
const MODALITY = element(0x00080060, "CS", "CT");
const PIXELS = element(0x7fe00010, "OW", new Uint8Array(8));
const ITEM = 0xfffee000;
const ITEM_END = implicit(0xfffee00d);
const SEQUENCE_END = implicit(0xfffee0dd);

const explicit = (...elements: Uint8Array[]) => part10(elements, explicitLittleEndian);
const parsed = (bytes: Uint8Array): DataSet => parsePart10(bytes, "a.dcm");
const modalityOf = (bytes: Uint8Array) => parsed(bytes).string("x00080060");

function refused(bytes: Uint8Array, reason: RegExp): void {
  assert.throws(
    () => parsed(bytes),
    (error) => {
      assert.ok(error instanceof VigilError && error.code === "dicom-unreadable", String(error));
      assert.match(error.message, /^a\.dcm cannot be read as DICOM: /);
      assert.match(error.message, reason);
      return true;
    },
  );
}

describe("a file is refused with the reason when", () => {
  test("it is empty, or a preamble or a meta header alone", () => {
    refused(new Uint8Array(0), /it is empty/);
    refused(part10([], null), /it is empty/);
    refused(part10([], explicitLittleEndian), /it is empty/);
    refused(Buffer.alloc(128), /does not begin as DICOM does/);
  });

  test("a length goes beyond its end", () => {
    refused(explicit(element(0x00080060, "CS", "CT", 4000)), /it is cut off/);
    refused(explicit(MODALITY, element(0x7fe00010, "OW", new Uint8Array(8), 0xfffffffe)), /it is cut off/);
    refused(part10([implicit(0x00080060, "CT", 0xfffffffe)], implicitLittleEndian), /it is cut off/);
    refused(explicit(MODALITY).subarray(0, -1), /it is cut off/);
  });

  test("a sequence, an item or encapsulated pixel data of undefined length is never closed", () => {
    const sequence = element(0x00081140, "SQ", "", UNDEFINED_LENGTH);
    refused(explicit(sequence), /it is cut off/);
    refused(explicit(sequence, implicit(ITEM, MODALITY, UNDEFINED_LENGTH)), /it is cut off/);
    refused(explicit(element(0x00081140, "UN", "", UNDEFINED_LENGTH)), /it is cut off/);
    refused(explicit(MODALITY, element(0x7fe00010, "OB", "", UNDEFINED_LENGTH)), /it is cut off/);
    refused(explicit(element(0x00104000, "UT", "a long text", UNDEFINED_LENGTH)), /holds no fragments|it is cut off/);
  });

  test("its sequences are nested ten thousand deep, in either encoding", () => {
    refused(explicit(nestedSequences(10_000)), /nested more than 32 deep/);
    const implicitLevel = Buffer.concat([
      implicit(0x00081140, "", UNDEFINED_LENGTH),
      implicit(ITEM, "", UNDEFINED_LENGTH),
    ]);
    const implicitLevels = new Array<Buffer>(10_000).fill(implicitLevel);
    refused(part10([implicit(0x00080060, "CT"), ...implicitLevels], implicitLittleEndian), /nested more than 32 deep/);
    let known: Uint8Array = new Uint8Array(0);
    for (let i = 0; i < 1000; i++) known = element(0x00081140, "SQ", implicit(ITEM, known));
    refused(explicit(known), /nested more than 32 deep/);
  });

  test("it has more elements than any image, before they fill the memory", () => {
    const items = Buffer.concat(new Array<Buffer>(600_000).fill(implicit(ITEM)));
    const before = process.memoryUsage().heapUsed;
    refused(explicit(element(0x00081140, "SQ", items)), /more than 500000 elements/);
    assert.ok(process.memoryUsage().heapUsed - before < 256 * 1024 * 1024);
    refused(
      explicit(MODALITY, element(0x7fe00010, "OB", "", UNDEFINED_LENGTH), implicit(ITEM), items),
      /more than 500000 elements/,
    );
  });

  test("its deflated data set is broken, cut off, or a bomb", () => {
    const whole = deflated(Buffer.concat([MODALITY, PIXELS]));
    assert.equal(modalityOf(whole), "CT");
    refused(whole.subarray(0, whole.length - 4), /it is cut off/);
    refused(part10([Buffer.alloc(100, 0xff)], TRANSFER_SYNTAX.deflatedExplicitLittleEndian), /invalid/);
    const before = process.memoryUsage().arrayBuffers;
    refused(deflated(new Uint8Array(500_000_000)), /its deflated data set is larger than 96 MiB/);
    assert.ok(process.memoryUsage().arrayBuffers - before < 256 * 1024 * 1024);
  });
});

describe("a file is read although", () => {
  test("its meta header has no transfer syntax, or an unknown one", () => {
    assert.equal(modalityOf(part10([MODALITY, PIXELS], null, element(0x00020000, "UL", "\0\0\0\0"))), "CT");
    const unknown = parsed(part10([MODALITY, PIXELS], "1.2.3.4.5"));
    assert.equal(unknown.string("x00080060"), "CT");
    assert.equal(transferSyntaxOf(unknown), "1.2.3.4.5");
    assert.equal(modalityOf(part10([implicit(0x00080060, "CT")], "1.2.840.113619.5.2")), "CT");
  });

  test("its meta header calls an implicit data set explicit, the reverse, or has the wrong byte order", () => {
    const bigEndian = Buffer.from([0, 8, 0, 0x60, 0x43, 0x53, 0, 2, 0x43, 0x54]);
    const files: [Uint8Array, string][] = [
      [part10([implicit(0x00080060, "CT")], explicitLittleEndian), implicitLittleEndian],
      [explicit(MODALITY), explicitLittleEndian],
      [part10([MODALITY], implicitLittleEndian), explicitLittleEndian],
      [part10([MODALITY], explicitBigEndian), explicitLittleEndian],
      [part10([bigEndian], explicitLittleEndian), explicitBigEndian],
      [part10([implicit(0x00080060, "CT")], rleLossless), rleLossless],
    ];
    for (const [bytes, transferSyntaxUid] of files) {
      assert.equal(modalityOf(bytes), "CT", transferSyntaxUid);
      assert.equal(transferSyntaxOf(parsed(bytes)), transferSyntaxUid);
    }
  });

  test("it is called deflated and is not", () => {
    assert.equal(modalityOf(part10([MODALITY], TRANSFER_SYNTAX.deflatedExplicitLittleEndian)), "CT");
  });

  test("the group length of its meta header is nonsense, or the preamble is missing", () => {
    for (const length of [0, 3, 0xffffffff]) {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(length);
      assert.equal(modalityOf(part10([MODALITY], explicitLittleEndian, element(0x00020000, "UL", bytes))), "CT");
    }
    const bare = part10([MODALITY], explicitLittleEndian, element(0x00020000, "UL", "\0\0\0\0")).subarray(132);
    assert.ok(looksLikeDicom(bare));
    assert.equal(modalityOf(bare), "CT");
  });

  test("value representations are wrong, unknown or missing", () => {
    const wrong = [element(0x00080016, "UN", "1.2.3 "), element(0x00080060, "OB", "CT")];
    assert.equal(modalityOf(explicit(MODALITY.subarray(0, 0), ...wrong.slice(1))), "CT");
    const damaged = Buffer.from(element(0x00080050, "SH", "1234"));
    damaged.write("QX", 4);
    const missing = implicit(0x00080050, "1234");
    const longUnknown = Buffer.concat([Buffer.from([8, 0, 0x55, 0]), Buffer.from("ZZ\0\0\x04\0\0\0abcd")]);
    for (const odd of [damaged, missing, longUnknown, ...wrong.slice(0, 1)]) {
      const dataset = parsed(explicit(element(0x00080005, "CS", ""), odd, MODALITY));
      assert.equal(dataset.string("x00080060"), "CT");
    }
  });

  test("garbage follows its pixels, which changes nothing of what stood before", () => {
    const garbage = [Buffer.alloc(5), Buffer.alloc(200), Buffer.alloc(300, 0xff), element(0x00080060, "CS", "MR")];
    for (const bytes of garbage) {
      const dataset = parsed(explicit(MODALITY, PIXELS, bytes));
      assert.equal(dataset.string("x00080060"), "CT");
      assert.equal(dataset.elements[PIXEL_DATA]!.length, 8);
    }
  });

  test("a value of known length only looks like a sequence, or holds a broken one", () => {
    const table = Buffer.concat([implicit(ITEM, "", 4000), Buffer.alloc(20)]);
    for (const bytes of [
      part10([implicit(0x00080050, table), implicit(0x00080060, "CT")], implicitLittleEndian),
      explicit(element(0x00080050, "UN", table), MODALITY),
      explicit(element(0x00080051, "SQ", table), MODALITY),
    ]) {
      assert.equal(modalityOf(bytes), "CT");
      assert.equal(parsed(bytes).elements.x00080050?.items, undefined);
    }
  });

  test("its fragments are not closed behind the last one", () => {
    const fragments = [implicit(ITEM, new Uint8Array(4)), implicit(ITEM, "frag"), implicit(ITEM, "ment")];
    for (const end of [[], [SEQUENCE_END], [element(0xfffcfffc, "OB", "\0\0")]]) {
      const bytes = part10(
        [MODALITY, element(0x7fe00010, "OB", "", UNDEFINED_LENGTH), ...fragments, ...end],
        rleLossless,
      );
      const { fragments: read } = parsed(bytes).elements[PIXEL_DATA]!;
      assert.deepEqual(
        read!.map(({ position, length }) => bytes.subarray(position, position + length).toString()),
        ["frag", "ment"],
      );
    }
  });
});

test("sequences are read in items, closed by length or by delimiter, in UN as well", () => {
  const item = implicit(ITEM, MODALITY);
  const delimited = Buffer.concat([implicit(ITEM, MODALITY, UNDEFINED_LENGTH), ITEM_END]);
  const inUn = Buffer.concat([implicit(ITEM, implicit(0x00080060, "CT"), UNDEFINED_LENGTH), ITEM_END]);
  const sequences = [
    element(0x00081140, "SQ", Buffer.concat([item, delimited])),
    element(0x00081140, "SQ", Buffer.concat([item, delimited, SEQUENCE_END]), UNDEFINED_LENGTH),
    element(0x00081140, "UN", Buffer.concat([inUn, inUn, SEQUENCE_END]), UNDEFINED_LENGTH),
    element(0x00081140, "UN", Buffer.concat([inUn, inUn])),
  ];
  for (const sequence of sequences) {
    const dataset = parsed(explicit(sequence, element(0x00090010, "LO", "behind")));
    const values = dataset.elements.x00081140!.items!.map(({ dataSet }) => dataSet.string("x00080060"));
    assert.deepEqual(values, ["CT", "CT"]);
    assert.equal(dataset.string("x00090010"), "behind");
  }
});

test("a value that is too short for what is asked, or absent, is undefined", () => {
  const dataset = parsed(explicit(element(0x00280010, "US", "\x01"), element(0x00280011, "US", "\x01\x02"), MODALITY));
  assert.equal(dataset.uint16("x00280010"), undefined);
  assert.equal(dataset.uint16("x00280011"), 0x0201);
  assert.equal(dataset.uint16("x00280011", 1), undefined);
  assert.equal(dataset.double("x00280011"), undefined);
  assert.equal(dataset.uint32("x00280012"), undefined);
  assert.equal(dataset.string("x00080060", 4), undefined);
});

test("a text of many megabytes is not read as one", () => {
  const dataset = parsed(explicit(element(0x00100010, "UT", Buffer.alloc(1_000_000, "a"))));
  assert.ok(dataset.string("x00100010")!.length <= 65_536);
  assert.throws(() => valueBytes(dataset, dataset.elements.x00100010!), { code: "dicom-unreadable" });
});

test("the beginning of a file is enough for its header, deflated or not", () => {
  const rows = element(0x00280010, "US", "\0\x02");
  const pixels = element(0x7fe00010, "OW", randomBytes(100_000));
  for (const bytes of [explicit(MODALITY, rows, pixels), deflated(Buffer.concat([MODALITY, rows, pixels]))]) {
    const dataset = parsePart10(bytes.subarray(0, 1000), "a.dcm", { untilPixels: true });
    assert.equal(dataset.uint16("x00280010"), 512);
    assert.throws(() => valueBytes(dataset, dataset.elements[PIXEL_DATA]!), { code: "dicom-unreadable" });
  }
});

test("RSNA's files as Kaggle gave them are read, with UIDs that are none", needs("rsna-slices"), () => {
  const folder = path.join(sharedData("rsna-slices"), "dicom");
  const files = readdirSync(folder);
  assert.ok(files.length > 100);
  for (const file of files) {
    const dataset = parsePart10(readFileSync(path.join(folder, file)), file);
    const [header] = headersFromDataSet(dataset, file);
    assert.equal(`${header!.sopInstanceUid}.dcm`, file);
    assert.equal(header!.modality, "CT");
    assert.equal(dataset.elements[PIXEL_DATA]!.length, header!.rows! * header!.columns! * 2);
  }
});

test("the meta header of a deflated or big endian file is read too", () => {
  const sopClass = element(0x00020002, "UI", evenLength("1.2.840.10008.1.3.10"));
  const bigEndian = Buffer.from([0, 8, 0, 0x60, 0x43, 0x53, 0, 2, 0x43, 0x54]);
  const inflated = parsed(deflated(MODALITY));
  assert.equal(inflated.string("x00020010"), TRANSFER_SYNTAX.deflatedExplicitLittleEndian);
  assert.equal(transferSyntaxOf(inflated), TRANSFER_SYNTAX.deflatedExplicitLittleEndian);
  assert.equal(parsed(part10([bigEndian], explicitBigEndian, sopClass)).string("x00020002"), "1.2.840.10008.1.3.10");
});

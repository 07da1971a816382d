import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bodyParts } from "../../src/dicomweb/multipart.ts";
import { hasCode } from "../support/lying-server.ts";

/** Ends like a line, and holds what begins like a boundary. */
const FILE = Buffer.from("DICM\0\r\n--bound\r\n--boundary7x\n\xff\r", "latin1");

const parts = (contentType: string, text: Buffer | string) =>
  bodyParts(contentType, typeof text === "string" ? Buffer.from(text, "latin1") : text).map((part) =>
    Buffer.from(part),
  );

const around = (before: string, after: string) =>
  Buffer.concat([Buffer.from(before, "latin1"), FILE, Buffer.from(after, "latin1")]);

describe("a multipart answer", () => {
  for (const [what, contentType, body] of [
    ["with a plain boundary", "multipart/related; type=application/dicom; boundary=boundary7", "--boundary7\r\n\r\n"],
    [
      "with a quoted boundary",
      'multipart/related; boundary="boundary7"; type="application/dicom"',
      "--boundary7\r\n\r\n",
    ],
    ["with a boundary named in capitals", "Multipart/Related;BOUNDARY=boundary7", "--boundary7\r\n\r\n"],
    [
      "with a boundary behind a value that looks like one",
      'multipart/related; type="a; boundary=wrong"; boundary=boundary7',
      "--boundary7\r\n\r\n",
    ],
    [
      "with part headers",
      "multipart/related; boundary=boundary7",
      "--boundary7\r\nContent-Type: application/dicom\r\n\r\n",
    ],
    ["with a preamble", "multipart/related; boundary=boundary7", "Not for us.\r\n--boundary7\r\nA: b\r\n\r\n"],
    ["that begins with an empty line", "multipart/related; boundary=boundary7", "\r\n--boundary7\r\nA: b\r\n\r\n"],
    ["with blanks behind the boundary", "multipart/related; boundary=boundary7", "--boundary7 \t\r\nA: b\r\n\r\n"],
  ] as const) {
    test(`${what} gives back its part to the byte`, () => {
      for (const end of ["\r\n--boundary7--", "\r\n--boundary7--\r\n", "\r\n--boundary7--\r\nepilogue"]) {
        assert.deepEqual(parts(contentType, around(body, end)), [FILE]);
      }
    });
  }

  test("whose lines end in LF alone loses no CR of the part", () => {
    const body = around("--boundary7\nContent-Type: application/dicom\n\n", "\n--boundary7--\n");
    assert.deepEqual(parts("multipart/related; boundary=boundary7", body), [FILE]);
  });

  test("gives back several parts, empty ones too", () => {
    const body = "--b\r\n\r\none\r\n--b\r\nA: b\r\n\r\n\r\n--b\r\n\r\nthree\r\n--b--";
    assert.deepEqual(parts("multipart/related; boundary=b", body).map(String), ["one", "", "three"]);
  });

  test("that is none is one part", () => {
    assert.deepEqual(parts("application/dicom", FILE), [FILE]);
    assert.deepEqual(parts("", FILE), [FILE]);
  });

  for (const [what, contentType, body] of [
    ["without a boundary in its type", "multipart/related", "--b\r\n\r\none\r\n--b--"],
    ["without any boundary", "multipart/related; boundary=b", "one"],
    ["that is cut off", "multipart/related; boundary=b", "--b\r\n\r\none"],
    ["that is cut off in the last boundary", "multipart/related; boundary=b", "--b\r\n\r\none\r\n--b"],
    ["whose part headers do not end", "multipart/related; boundary=b", "--b\r\nA: b\r\n--b--"],
    ["of nothing but boundaries", "multipart/related; boundary=b", `${"--b\r\n\r\n".repeat(1002)}--b--`],
  ] as const) {
    test(`${what} is not believed`, () => {
      assert.throws(() => parts(contentType, body), hasCode("pacs-answer-invalid"));
    });
  }
});

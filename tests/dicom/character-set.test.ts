import assert from "node:assert/strict";
import { test } from "node:test";
import { textReader } from "../../src/dicom/character-set.ts";

/** `bytes`: one character per byte. */
function read(characterSet: string, bytes: string): string {
  return textReader(characterSet.split("\\"))(Buffer.from(bytes, "latin1"));
}

test("names in single-byte character sets are read", () => {
  assert.equal(read("ISO_IR 100", "Buc^J\xe9r\xf4me"), "Buc^Jérôme");
  assert.equal(read("ISO_IR 101", "Wa\xb3\xeasa"), "Wałęsa");
  assert.equal(read("ISO_IR 109", "\xa1al"), "Ħal");
  assert.equal(read("ISO_IR 126", "\xc8\xe5\xef\xe4\xfe\xf1\xef\xf5^\xc5\xeb\xdd\xed\xe7"), "Θεοδώρου^Ελένη");
  assert.equal(read("ISO_IR 144", "\xbb\xee\xda\xe1\xd5\xdc\xd1\xe3\xe0\xd3"), "Люксембург");
});

test("UTF-8 and GB18030 are read", () => {
  assert.equal(read("ISO_IR 192", Buffer.from("Ελένη^王小東").toString("latin1")), "Ελένη^王小東");
  assert.equal(read("GB18030", "Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab="), "Wang^XiaoDong=王^小东=");
});

test("the Japanese names of PS3.5 annex H are read", () => {
  assert.equal(
    read("\\ISO 2022 IR 87", "Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B"),
    "Yamada^Tarou=山田^太郎=やまだ^たろう",
  );
  assert.equal(
    read("ISO 2022 IR 13\\ISO 2022 IR 87", "\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J"),
    "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎",
  );
});

test("the Korean and Chinese names of PS3.5 annexes I and K are read", () => {
  assert.equal(
    read(
      "\\ISO 2022 IR 149",
      "Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf",
    ),
    "Hong^Gildong=洪^吉洞=홍^길동",
  );
  assert.equal(
    read("\\ISO 2022 IR 58", "Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab="),
    "Zhang^XiaoDong=张^小东=",
  );
});

test("an escape sequence holds until the next delimiter", () => {
  const greekThenLatin = "\x1b-F\xc5\xeb\xdd\xed\xe7^J\xe9r\xf4me";
  assert.equal(read("ISO 2022 IR 100\\ISO 2022 IR 126", greekThenLatin), "Ελένη^Jérôme");
});

test("text beyond ASCII without a declared character set is read as UTF-8, else as Latin 1", () => {
  assert.equal(read("", Buffer.from("Ελένη").toString("latin1")), "Ελένη");
  assert.equal(read("", "J\xe9r\xf4me"), "Jérôme");
  assert.equal(read("ISO_IR 999", "J\xe9r\xf4me"), "Jérôme");
});

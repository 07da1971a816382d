import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, test } from "node:test";
import german from "../../ohif-extension/src/i18n/german/index.ts";
import list from "../../ohif-extension/src/i18n/german/list.ts";
import panel from "../../ohif-extension/src/i18n/german/panel.ts";
import sentences from "../../ohif-extension/src/i18n/german/sentences.ts";
import words from "../../ohif-extension/src/i18n/german/words.ts";
import { t, translateSentence, translateWith } from "../../src/contract/translate.ts";
import { badgeWords, scoreWords, statusWords } from "../../src/contract/words.ts";
import { PROJECT_DIR } from "../../src/installation.ts";

const ROOMS = ["src/contract", "ohif-extension/src"];

/** A call of `t` or `english` with a literal, which is what is looked up. */
const USED = /\b(?:t|english)\(\s*"((?:[^"\\]|\\.)*)"/g;
/** What the look-up of these texts cannot see. */
const NOT_LITERAL = /\b(?:english\((?!\s*"|text\b)|t\(\s*`)[^)]*\)/g;

function sources(): { file: string; code: string }[] {
  return ROOMS.flatMap((room) =>
    readdirSync(path.join(PROJECT_DIR, room), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.tsx?$/.test(file) && !file.startsWith("i18n/german"))
      .map((file) => ({ file: path.join(room, file), code: readFileSync(path.join(PROJECT_DIR, room, file), "utf8") })),
  );
}

function usedTexts(): Set<string> {
  const all = sources().flatMap(({ code }) => [...code.matchAll(USED)].map(([, literal]) => literal!));
  return new Set(all.map((literal) => JSON.parse(`"${literal}"`) as string));
}

const placesOf = (sentence: string) => [...sentence.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();

afterEach(() => translateWith());

test("every text of the viewer has a German one", () => {
  assert.deepEqual(
    [...usedTexts()].filter((english) => !(english in german)),
    [],
  );
});

test("no German text is left over", () => {
  const used = usedTexts();
  assert.ok(used.size > 40, "the texts are found at all");
  assert.deepEqual(
    Object.keys({ ...words, ...list, ...panel }).filter((english) => !used.has(english)),
    [],
  );
});

test("a German text stands in one file only", () => {
  const all = [words, list, panel, sentences].flatMap((texts) => Object.keys(texts));
  assert.deepEqual(
    all.filter((english, index) => all.indexOf(english) !== index),
    [],
  );
});

test("a German text fills in what its English one does", () => {
  for (const [english, text] of Object.entries(german)) assert.deepEqual(placesOf(text), placesOf(english), english);
});

test("every text is written where this test can find it", () => {
  const unseen = sources().flatMap(({ file, code }) =>
    [...code.matchAll(NOT_LITERAL)].map(([call]) => `${file}: ${call}`),
  );
  assert.deepEqual(unseen, []);
});

test("sentences about what was not seen are made of the words of those who say them", () => {
  const source = ["src/dicom", "src/dicomweb", "src/scoring"]
    .flatMap((room) =>
      readdirSync(path.join(PROJECT_DIR, room), { recursive: true, encoding: "utf8" }).map((file) =>
        path.join(PROJECT_DIR, room, file),
      ),
    )
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
  const words = Object.keys(sentences).flatMap((sentence) => sentence.split(" "));
  assert.deepEqual(
    words.filter((word) => !word.startsWith("{") && !source.includes(word.replace(/s$/, ""))),
    [],
  );
});

test("results are told in German, with German numbers", () => {
  translateWith((english) => german[english], ",");
  const unseen = { state: "reported", flag: "negative", reason: null, notSeen: ["gap of 7.5 mm", "x", "y"] } as const;
  assert.equal(statusWords(unseen).text, "Nicht beurteilbar: Lücke von 7,5 mm (+ 2 weitere)");
  assert.equal(scoreWords(0.6371, 0.6374), "Score 63,71 von 100, kritisch ab 63,74");
  assert.equal(badgeWords({ ...unseen, notSeen: [] }, 0.02).text, "KI: keine Blutung gefunden · Score 2 von 100");
});

test("what has no translation stays English", () => {
  translateWith((english) => german[english], ",");
  assert.equal(translateSentence("12.5 unheard-of things"), "12.5 unheard-of things");
  assert.equal(t("an {odd} text", { odd: 3 }), "an 3 text");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { joined, numberRanges, percent, type StatusSource, statusWords } from "../../src/contract/words.ts";

const study = (parts: Partial<StatusSource>): StatusSource => ({
  state: "reported",
  flag: "negative",
  reason: null,
  notSeen: [],
  ...parts,
});

test("each status has its own symbol, tone and words", () => {
  const all = [
    study({ flag: "critical" }),
    study({ flag: "undetermined" }),
    study({ flag: "negative" }),
    study({ flag: "not-analysed", reason: "contrast-only" }),
    study({ flag: "pending", state: "waiting" }),
    study({ flag: "not-analysed", state: "failed" }),
  ].map(statusWords);
  for (const part of ["tone", "symbol", "text"] as const) {
    assert.equal(new Set(all.map((words) => words[part])).size, all.length, `${part} tells all apart`);
  }
});

test("a study that is being scored says how far it is", () => {
  const scoring = study({ flag: "pending", state: "scoring", progress: { done: 18, total: 34 } });
  assert.equal(statusWords(scoring).text, "Scoring 18/34");
  assert.equal(statusWords({ ...scoring, progress: null }).text, "Scoring");
});

test("a study that was not analysed says why", () => {
  const text = statusWords(study({ flag: "not-analysed", reason: "contrast-only" })).text;
  assert.equal(text, "Not analysed: contrast series only");
});

test("a probability is never rounded to a certainty", () => {
  assert.deepEqual([0, 0.001, 0.005, 0.474, 0.994, 0.999, 1].map(percent), [
    "0 %",
    "<1 %",
    "1 %",
    "47 %",
    "99 %",
    ">99 %",
    "100 %",
  ]);
});

test("neighbouring slice numbers are told as ranges, in any order of arrival", () => {
  assert.equal(numberRanges([5, 3, 4, 9, 12, 11]), "3–5, 9, 11–12");
  assert.equal(numberRanges([]), "");
});

test("words are joined as in a sentence", () => {
  assert.equal(joined(["a"]), "a");
  assert.equal(joined(["a", "b"]), "a and b");
  assert.equal(joined(["a", "b", "c"]), "a, b and c");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  badgeWords,
  joined,
  numberRanges,
  percent,
  refusalWords,
  type StatusSource,
  score,
  scoreWords,
  statusWords,
  verdictWords,
} from "../../src/contract/words.ts";

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

test("an undetermined study says what was not seen, the first thing in full", () => {
  const unseen = (...notSeen: string[]) => statusWords(study({ flag: "undetermined", notSeen })).text;
  assert.equal(unseen(), "Undetermined");
  assert.equal(unseen("7 slices not read"), "Undetermined: 7 slices not read");
  assert.equal(
    unseen("7 slices not read", "gap of 15 mm", "vertex cut off"),
    "Undetermined: 7 slices not read and 2 more",
  );
});

test("a critical study that was not seen whole says both", () => {
  const words = statusWords(study({ flag: "critical", notSeen: ["7 slices not read"] }));
  assert.equal(words.text, "Critical · 7 slices not read");
  assert.equal(words.tone, "critical");
});

test("a head that was not seen whole is never called free of blood, whatever flag it carries", () => {
  const wrong = study({ flag: "negative", notSeen: ["gap of 15 mm"] });
  for (const words of [statusWords(wrong), badgeWords(wrong, 0.02), verdictWords("absent", false)]) {
    assert.doesNotMatch(words.text, /no bleed/i);
    assert.equal(words.tone, "undetermined");
  }
  assert.equal(verdictWords("absent", true).text, "No bleed found");
});

test("beside an image there is room for the result and whether the head was seen whole", () => {
  assert.equal(badgeWords(study({ flag: "critical" }), 0.97).text, "AI: critical · score 97 of 100");
  const unseen = study({ flag: "undetermined", notSeen: ["7 slices not read", "gap of 15 mm"] });
  assert.equal(badgeWords(unseen, 0.03).text, "AI: undetermined · score 3 of 100 · not seen whole");
});

test("a refused answer says why, and when to try again", () => {
  assert.match(refusalWords(429, 12), /too many answers at once\. Try again in 12 s/);
  assert.match(refusalWords(429, null), /in a minute/);
  assert.match(refusalWords(403, null), /Vigil's own address/);
  assert.match(refusalWords(500, null), /error 500/);
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

test("a score is told of 100, with where it is critical, and never as per cent", () => {
  assert.equal(scoreWords(0.35, 0.635), "score 35 of 100, critical from 64");
  assert.equal(scoreWords(0.97), "score 97 of 100");
  assert.deepEqual(
    [0, 0.001, 0.999, 1].map((value) => score(value)),
    ["0", "<1", ">99", "100"],
  );
});

test("a score below the threshold is never written as the threshold", () => {
  assert.equal(scoreWords(0.639, 0.641), "score 63.9 of 100, critical from 64.1");
  assert.equal(scoreWords(0.6401, 0.641), "score 64.0 of 100, critical from 64.1");
  assert.equal(scoreWords(0.642, 0.641), "score 64 of 100, critical from 64");
});

test("a failed re-score never hides the critical result that stands, and makes no result negative", () => {
  const failed = (flag: StatusSource["flag"]) => study({ flag, state: "failed" });
  assert.equal(statusWords(failed("critical")).text, "Critical · re-score failed");
  assert.equal(statusWords(failed("critical")).tone, "critical");
  const unseen = { ...failed("critical"), notSeen: ["7 slices not read"] };
  assert.equal(statusWords(unseen).text, "Critical · 7 slices not read · re-score failed");
  assert.equal(statusWords(failed("negative")).text, "Failed");
  assert.equal(badgeWords(failed("critical"), 0.97).text, "AI: critical · score 97 of 100 · re-score failed");
  assert.match(badgeWords(failed("negative"), 0.02).text, /AI: undetermined .* re-score failed/);
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

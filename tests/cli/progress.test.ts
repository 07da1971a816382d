import assert from "node:assert/strict";
import { test } from "node:test";
import { progressText } from "../../src/cli/progress.ts";

test("progress says how many, how fast and how long still, once it can be known", () => {
  assert.equal(progressText("scoring", 3, 120, 0.5), "scoring 3/120");
  assert.equal(progressText("scoring", 40, 120, 4), "scoring 40/120, 10.0/s, 8 s left");
  assert.equal(progressText("importing", 1000, 700_000, 10), "importing 1000/700000, 100/s, 1 h 57 min left");
  assert.equal(progressText("reading", 30_000, undefined, 3), "reading 30000, 10000/s");
  assert.equal(progressText("scoring", 120, 120, 12), "scoring 120/120, 10.0/s");
  assert.equal(progressText("scoring", 0, 120, 12), "scoring 0/120");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { sumWarnings } from "../../src/contract/sum-warnings.ts";
import { warning } from "../../src/contract/warning.ts";

test("many warnings of one kind are one line that opens, those that limit the flag first", () => {
  const gaps = [7, 9, 12].map((mm) => warning("gap", `There is a gap of ${mm} mm.`));
  const unread = warning("images-left-out", "2 slices cannot be read.", "2 slices not read");
  const large = warning("gap", "There is a gap of 40 mm.", "gap of 40 mm");
  assert.deepEqual(sumWarnings([gaps[0]!, unread, gaps[1]!, gaps[2]!, large]), [
    { code: "images-left-out", limitsFlag: true, text: unread.message, messages: [unread.message] },
    { code: "gap", limitsFlag: true, text: large.message, messages: [large.message] },
    {
      code: "gap",
      limitsFlag: false,
      text: "There is a gap of 7 mm. And 2 more like this.",
      messages: gaps.map(({ message }) => message),
    },
  ]);
  assert.deepEqual(sumWarnings([]), []);
});

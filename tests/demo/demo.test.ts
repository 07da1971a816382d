import assert from "node:assert/strict";
import { globSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { z } from "zod";
import { probabilitiesSchema } from "../../src/contract/probability.ts";
import { flagSchema, studyStateSchema } from "../../src/contract/study-state.ts";
import { CACHE_DIR } from "../../src/installation.ts";
import { runEntry } from "../support/command.ts";

const outputSchema = z.object({
  url: z.url(),
  studies: z.array(
    z.object({
      studyInstanceUid: z.string(),
      description: z.string(),
      state: studyStateSchema,
      flag: flagSchema,
      probabilities: probabilitiesSchema.nullable(),
      srSopInstanceUid: z.string().nullable(),
      seconds: z.number().positive(),
    }),
  ),
});

/** Command lines of all processes that work in a demo's folder. */
function demoProcesses(): string[] {
  const demoDir = path.join(CACHE_DIR, "demo", "run-");
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      } catch {
        return ""; // ended meanwhile
      }
    })
    .filter((line) => line.includes(demoDir));
}

describe("The demo", () => {
  for (const source of [["--phantom"], []]) {
    const name = source.length > 0 ? "a generated head" : "the real head";
    test(`with ${name} flags the drawn haemorrhage, not the plain head, and says why the chest is not analysed`, async () => {
      const run = await runEntry("src/demo/main.ts", ["--exit", "--json", ...source]);
      assert.equal(run.code, 0, run.stderr);
      const { studies } = outputSchema.parse(JSON.parse(run.stdout));
      assert.equal(studies.length, 3);
      const bleed = studies.find((study) => /SYNTHETIC HAEMORRHAGE/.test(study.description));
      assert.equal(bleed?.flag, "critical");
      assert.equal(bleed?.state, "reported");
      const plain = studies.find((study) => study !== bleed && study.state === "reported");
      assert.ok(plain !== undefined && plain.flag !== "critical");
      assert.ok(plain.srSopInstanceUid !== null && plain.srSopInstanceUid !== bleed?.srSopInstanceUid);
      const other = studies.find((study) => study.state === "not-analysed");
      assert.equal(other?.flag, "not-analysed");
      assert.match(run.stderr, /Not analysed: no head CT series/);
      assert.deepEqual(demoProcesses(), []);
      assert.deepEqual(globSync(path.join(CACHE_DIR, "demo", "run-*")), []);
    });
  }

  test("explains itself, and refuses an option it does not know", async () => {
    const help = await runEntry("src/demo/main.ts", ["--help"]);
    assert.equal(help.code, 0);
    assert.match(help.stdout, /Ctrl-C/);
    const wrong = await runEntry("src/demo/main.ts", ["--fantom"]);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /--fantom/);
  });
});

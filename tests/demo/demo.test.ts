import assert from "node:assert/strict";
import { globSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { z } from "zod";
import { probabilitiesSchema } from "../../src/contract/probability.ts";
import { flagSchema, studyStateSchema } from "../../src/contract/study-state.ts";
import { CACHE_DIR } from "../../src/installation.ts";
import { runEntry, runInTerminal } from "../support/command.ts";
import { bleedingHeadStudy, filesOf } from "../support/studies.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

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
  const folder = temporaryFolder();
  const own = bleedingHeadStudy("my own");
  for (const [i, bytes] of filesOf(own).entries()) writeFileSync(path.join(folder, `${i}.dcm`), bytes);

  for (const [name, source] of [
    ["a generated head, and a study of one's own beside it,", ["--phantom", "--dicom", folder]],
    ["the real head", []],
  ] as const) {
    test(`with ${name} brings one study into each state, and nothing of it stays`, async () => {
      const run = await runEntry("src/demo/main.ts", ["--exit", "--json", ...source]);
      assert.equal(run.code, 0, run.stderr);
      const { studies } = outputSchema.parse(JSON.parse(run.stdout));
      const mine = source.length === 0 ? undefined : studies.pop();
      if (mine !== undefined) {
        assert.deepEqual(
          [mine.studyInstanceUid, mine.description, mine.flag],
          [own.studyInstanceUid, "yours: CT head", "critical"],
        );
        assert.equal(readdirSync(folder).length, own.instances.length);
      }
      assert.deepEqual(studies.map(({ state, flag }) => [state, flag]).slice(1), [
        ["reported", "critical"],
        ["not-analysed", "not-analysed"],
        ["reported", "undetermined"],
        ["failed", "not-analysed"],
        ["waiting", "pending"],
      ]);
      const bleed = studies.find((study) => /SYNTHETIC HAEMORRHAGE/.test(study.description));
      assert.equal(bleed?.flag, "critical");
      assert.equal(bleed?.state, "reported");
      const plain = studies.find((study) => study !== bleed && study.state === "reported");
      assert.ok(plain !== undefined && plain.flag !== "critical");
      assert.ok(plain.srSopInstanceUid !== null && plain.srSopInstanceUid !== bleed?.srSopInstanceUid);
      const other = studies.find((study) => study.state === "not-analysed");
      assert.equal(other?.flag, "not-analysed");
      assert.match(run.stderr, /Not analysed: no head CT series/);
      assert.match(run.stderr, /SLICES MISSING .*Undetermined: gap of 2. mm/);
      assert.match(run.stderr, /DELETED FROM THE PACS .*Failed: no PACS holds it any more/);
      for (const address of [/Viewer +http/, /API +http.*\/api\//, /Orthanc +http/, /DICOMweb +http.*\/dicom-web/]) {
        assert.match(run.stderr, address);
      }
      assert.deepEqual(demoProcesses(), []);
      assert.deepEqual(globSync(path.join(CACHE_DIR, "demo", "run-*")), []);
    });
  }

  test("draws a table that fits a narrow terminal", async () => {
    const { code, screen } = await runInTerminal("src/demo/main.ts", ["--exit", "--phantom"], 80);
    assert.equal(code, 0, screen);
    const table = screen.split("\n").filter((line) => /^ {2}CT /.test(line));
    assert.deepEqual(
      table.filter((line) => line.length > 80),
      [],
    );
    assert.match(table.at(-6)!, /^ {2}CT head +\d+\.\d s +\d+ {2}[✓◆] .* · SR$/);
    assert.match(table.at(-1)!, /◴ Waiting for images$/);
  });

  test("explains itself, and refuses an option it does not know", async () => {
    const help = await runEntry("src/demo/main.ts", ["--help"]);
    assert.equal(help.code, 0);
    assert.match(help.stdout, /Ctrl-C/);
    for (const wrongly of [["--fantom"], ["--dicom", "/no/such/folder"]]) {
      const wrong = await runEntry("src/demo/main.ts", wrongly);
      assert.equal(wrong.code, 2);
      assert.ok(wrong.stderr.includes(wrongly.at(-1)!));
    }
  });
});

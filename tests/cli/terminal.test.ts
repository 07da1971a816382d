import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { runEntry, runInTerminal } from "../support/command.ts";
import { bleedingHeadStudy, chestStudy, filesOf, headStudy } from "../support/studies.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const vigil = (...args: string[]) => runEntry("src/cli.ts", args);
const atTerminal = (columns: number, ...args: string[]) => runInTerminal("src/cli.ts", args, columns);

/** A folder for each study, with files that are called after their patient. */
function folderOf(studies: Record<string, Uint8Array[]>): string {
  const dir = temporaryFolder();
  for (const [name, files] of Object.entries(studies)) {
    mkdirSync(path.join(dir, name));
    for (const [i, bytes] of files.entries()) writeFileSync(path.join(dir, name, `${name}-${i}.dcm`), bytes);
  }
  return dir;
}

describe("vigil score at a terminal", () => {
  test("says the answer first, then where to look, what was seen, and only then the scores", async () => {
    const { screen } = await atTerminal(80, "score", folderOf({ bleed: filesOf(bleedingHeadStudy("terminal bleed")) }));
    const order = [
      /^▲ Critical$/m,
      /^ {2}score >99 of 100, critical from \d+$/m,
      /^ {2}Intraparenchymal +left +slices \d+, \d+.* of 30$/m,
      /^ {2}The whole head was read\.$/m,
      /^ {2}Any haemorrhage +█/m,
      /^ {2}→ Head 5\.0 H31s \(CT, 30 images/m,
      /^ {2}Research use only/m,
    ].map((line) => screen.search(line));
    assert.ok(!order.includes(-1), `${order}\n${screen}`);
    assert.deepEqual(
      order.toSorted((a, b) => a - b),
      order,
    );
  });

  test("names patients and files only when it is asked to", async () => {
    const folder = folderOf({ gruber: filesOf(bleedingHeadStudy("Gruber")) });
    const silent = await vigil("score", folder);
    assert.doesNotMatch(silent.stdout + silent.stderr, /gruber/i);
    const named = await vigil("score", folder, "--show-names");
    assert.match(named.stdout, /Gruber, Test \(Gruber\)/);
    // Slices are counted from 1, the files here from 0.
    const [, number, file] = /slice +(\d+) {2}.*gruber-(\d+)\.dcm/.exec(named.stdout) ?? [];
    assert.equal(Number(number), Number(file) + 1);
  });

  for (const columns of [80, 120]) {
    test(`closes several studies with a table, the most urgent first, in ${columns} columns`, async () => {
      const gap = filesOf(headStudy("terminal gap")).filter((_, z) => z < 13 || z > 15);
      const folder = folderOf({
        a: filesOf(chestStudy("terminal chest")),
        b: gap,
        c: filesOf(bleedingHeadStudy("terminal several")),
      });
      const { code, screen } = await atTerminal(columns, "score", folder);
      assert.equal(code, 0, screen);
      assert.match(screen, /study 2 of 3: scoring slice \d+ of \d+/);
      assert.match(screen, /◆ not seen: There is a gap of 20\.0 mm/);
      const table = screen.slice(screen.indexOf("3 studies: 1 critical, 1 undetermined, 1 not analysed")).split("\n");
      assert.match(table[1]!, /▲ Critical +>99 +CT head.*2\.25\./);
      assert.match(table[2]!, /◆ Undetermined: gap of 20 mm +\d+ +CT head/);
      assert.match(table[3]!, /⊘ Not analysed: no head CT series +CT chest/);
      const long = screen.split("\n").filter((line) => line.length > columns);
      assert.deepEqual(long, []);
    });
  }

  test("writes results that only their owner can read, in folders that nobody else can enter", async () => {
    const out = path.join(temporaryFolder(), "results");
    const study = bleedingHeadStudy("terminal out");
    const run = await vigil("score", folderOf({ one: filesOf(study) }), "--out", out);
    assert.equal(run.code, 0, run.stderr);
    const mode = (...parts: string[]) => statSync(path.join(out, ...parts)).mode & 0o777;
    assert.deepEqual([mode(), mode(study.studyInstanceUid)], [0o700, 0o700]);
    for (const file of ["report.dcm", "result.json"]) assert.equal(mode(study.studyInstanceUid, file), 0o600);
    const result = JSON.parse(readFileSync(path.join(out, study.studyInstanceUid, "result.json"), "utf8"));
    assert.equal(result.flag, "critical");
  });
});

describe("vigil explain at a terminal", () => {
  test("says which series it reads, then why, without names", async () => {
    const folder = folderOf({ gruber: filesOf(headStudy("Gruber")) });
    const { screen } = await atTerminal(80, "explain", folder);
    assert.match(screen, /^reads Head 5\.0 H31s \(1 of 1 series\)$/m);
    assert.match(screen, /^ {2}→ Head 5\.0 H31s \(CT, 30 images/m);
    assert.doesNotMatch(screen, /gruber/i);
    assert.match((await vigil("explain", folder, "--show-names")).stdout, /Gruber, Test \(Gruber\)/);
  });
});

describe("The help of vigil", () => {
  test("has examples and exit codes for every command, in 80 columns", async () => {
    for (const command of [[], ["serve"], ["score"], ["explain"], ["doctor"]]) {
      const { code, screen } = await atTerminal(80, ...command, "--help");
      assert.equal(code, 0);
      assert.match(screen, /\nExamples:\n {2}vigil /);
      assert.match(screen, /\nExit code: 0 done, 1 .*, 2 wrong use\./);
      assert.deepEqual(
        screen.split("\n").filter((line) => line.length > 80),
        [],
      );
    }
  });

  test("is short when something is wrong, and names what was perhaps meant", async () => {
    for (const [args, hint] of [
      [["scroe", "x"], "Did you mean score?"],
      [["score", "--show-name", "x"], "Did you mean --show-names?"],
    ] as const) {
      const run = await vigil(...args);
      assert.equal(run.code, 2);
      assert.ok(run.stderr.includes(hint), run.stderr);
      assert.ok(run.stderr.split("\n").length <= 4, run.stderr);
    }
  });

  test("loads nothing of what a command needs, nor do commands load each other", () => {
    const parts = ["src/cli.ts", "src/cli/command.ts", "src/cli/dataset.ts", "src/cli/export/command-line.ts"];
    const texts = parts.map((file) => readFileSync(file, "utf8"));
    const loaded = texts.flatMap((text) => [...text.matchAll(/^import .* from "(.*)";$/gm)].map(([, name]) => name!));
    const own = [
      "./command.ts",
      "../command.ts",
      "./cli/command.ts",
      "./cli/dataset.ts",
      "./cli/export/command-line.ts",
    ];
    const allowed = ["commander", "./errors.ts", "./version.ts", ...own];
    assert.deepEqual(new Set(loaded), new Set(allowed));
    const lazily = texts.flatMap((text, i) =>
      [...text.matchAll(/await import\("(.*?)"\)/g)].map(([, name]) => path.join(path.dirname(parts[i]!), name!)),
    );
    assert.ok(lazily.length >= 8 && lazily.every((file) => existsSync(file)));
  });
});

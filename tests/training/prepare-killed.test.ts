import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { runEntry } from "../support/command.ts";
import { datasetOfObjects } from "../support/objects-dataset.ts";
import { filesOf, headStudy } from "../support/studies.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { waitUntil } from "../support/wait.ts";

test("a preparation that is killed goes on where it was, and ends with the same files", async () => {
  const objects = ["a", "b", "c", "d"].flatMap((key) => filesOf(headStudy(key)));
  const { dir } = await datasetOfObjects(temporaryFolder(), objects);
  const args = ["dataset", "prepare", dir, "--shard-size", "30", "--threads", "1"];
  const content = () =>
    Object.fromEntries(
      globSync("prepared/*/*", { cwd: dir })
        .filter((file) => !file.endsWith(".part"))
        .map((file) => [file, readFileSync(path.join(dir, file), "latin1")]),
    );
  assert.equal((await runEntry("src/cli.ts", args)).code, 0);
  const whole = content();
  assert.equal(Object.keys(whole).length, 9);
  rmSync(path.join(dir, "prepared"), { recursive: true });

  const child = spawn(process.execPath, ["src/cli.ts", ...args], { stdio: "ignore" });
  const ended = once(child, "exit");
  await waitUntil("a shard", () => globSync("prepared/*/shard-*.json", { cwd: dir }).length > 0, { intervalMs: 5 });
  child.kill("SIGKILL");
  await ended;
  assert.deepEqual(globSync("prepared/*/index.json", { cwd: dir }), [], "it was killed before its end");
  for (const [file, bytes] of Object.entries(content())) assert.equal(bytes, whole[file], `${file} is whole`);
  assert.equal((await runEntry("src/cli.ts", args)).code, 0);
  assert.deepEqual(content(), whole);
});

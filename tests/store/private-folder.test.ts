import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { lockData } from "../../src/store/data-lock.ts";
import { openDatabase } from "../../src/store/database.ts";
import { makePrivate } from "../../src/store/private-folder.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

/** Readable for all, as one of an earlier version or of the administrator is. */
function openFolder(): string {
  const dir = path.join(temporaryFolder(), "data");
  mkdirSync(dir);
  chmodSync(path.dirname(dir), 0o755);
  chmodSync(dir, 0o755);
  return dir;
}

describe("the folder of the embedded database", () => {
  test("is closed to other users while it is open and afterwards, with all that is in it", async () => {
    const dir = openFolder();
    const database = await openDatabase({ data: { dir }, database: {} });
    const lock = path.join(dir, "database.lock");
    const wal = path.join(dir, "database", "pg_wal");
    assert.deepEqual([dir, path.join(dir, "database"), lock].map(modeOf), ["700", "700", "600"]);
    if (process.getuid?.() === 0) {
      const other = spawnSync("ls", [wal], { uid: 65_534, gid: 65_534, cwd: "/" });
      assert.notEqual(other.status, 0);
    }
    await database.close();
    const inside = readdirSync(dir, { withFileTypes: true, recursive: true });
    const modes = (isSuch: (entry: (typeof inside)[number]) => boolean) =>
      new Set(inside.filter(isSuch).map((entry) => modeOf(path.join(entry.parentPath, entry.name))));
    assert.deepEqual(
      modes((entry) => entry.isFile()),
      new Set(["600"]),
    );
    assert.deepEqual(
      modes((entry) => entry.isDirectory()),
      new Set(["700"]),
    );
  });

  test("of an earlier version, which was open, is closed before anything is written, and it is said", () => {
    const dir = openFolder();
    const file = path.join(dir, "database", "base", "1");
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o755 });
    writeFileSync(file, "");
    chmodSync(file, 0o666);
    assert.equal(makePrivate(dir), true);
    assert.deepEqual([dir, path.dirname(file), file].map(modeOf), ["700", "700", "600"]);
    assert.equal(makePrivate(dir), false);
  });

  test("is closed alone when the data folder serves for more than Vigil", () => {
    const dir = openFolder();
    const other = path.join(dir, "of-somebody-else");
    writeFileSync(other, "");
    chmodSync(other, 0o644);
    makePrivate(dir);
    assert.deepEqual([dir, path.join(dir, "database"), other].map(modeOf), ["755", "700", "644"]);
  });

  test("is locked out of the reach of others where its path is too long for a socket", async (t) => {
    const tmp = temporaryFolder();
    const before = process.env.TMPDIR;
    process.env.TMPDIR = tmp;
    t.after(() => {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    });
    const dir = `/${"long".repeat(30)}`;
    const unlock = await lockData(dir);
    const [folder] = readdirSync(tmp);
    assert.deepEqual([path.join(tmp, folder!), path.join(tmp, folder!, "lock")].map(modeOf), ["700", "600"]);
    await assert.rejects(lockData(dir), { code: "database-unavailable" });
    await unlock();
    await (await lockData(dir))();
  });

  test("is refused where everybody could put another one in its place", () => {
    const dir = openFolder();
    writeFileSync(path.join(dir, "of-somebody-else"), "");
    chmodSync(dir, 0o777);
    assert.throws(() => makePrivate(dir), { code: "data-not-private" });
  });
});

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, afterEach, beforeEach, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { sql } from "kysely";
import { createLogger } from "../../src/log.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { type StudyNotice, StudyQueue } from "../../src/store/queue.ts";
import { recordNews } from "../../src/store/studies.ts";
import { databaseKinds, PostgresServer } from "../support/database.ts";
import { waitUntil } from "../support/wait.ts";

const kinds = databaseKinds();
after(() => Promise.all(kinds.map((kind) => kind.close())));
const logger = createLogger("silent");

for (const kind of kinds) {
  describe(`the queue of studies on ${kind.name}`, () => {
    let database: Database;
    let queue: StudyQueue;
    beforeEach(async () => {
      database = await kind.openNew();
      queue = new StudyQueue(database, logger);
      await queue.start();
    });
    afterEach(async () => {
      await queue.stop();
      await database.close();
    });

    test("gives each waiting study to a worker once, in the order of its arrival", async () => {
      const seen: string[] = [];
      for (const uid of ["1.1", "1.2", "1.1", "1.3"]) await queue.wake(uid);
      await queue.work(1, async (uid) => void seen.push(uid));
      await waitUntil("three studies", () => seen.length === 3);
      await delay(200);
      assert.deepEqual(seen, ["1.1", "1.2", "1.3"]);
    });

    test("never gives a study to two workers at once, and looks again at one that was woken meanwhile", async () => {
      let running = 0;
      let most = 0;
      let runs = 0;
      await queue.work(3, async () => {
        running += 1;
        most = Math.max(most, running);
        runs += 1;
        if (runs === 1) await Promise.all([queue.wake("1.1"), queue.wake("1.1")]);
        await delay(300);
        running -= 1;
      });
      await queue.wake("1.1");
      await waitUntil("the second run", () => runs === 2 && running === 0);
      assert.equal(most, 1);
    });

    test("pulls a job that waits for later forward when the study is woken", async () => {
      let runs = 0;
      await queue.work(1, async (uid) => {
        runs += 1;
        if (runs > 1) return;
        await database.db.transaction().execute((transaction) => queue.wakeLater(uid, inAnHour(), transaction));
      });
      await queue.wake("1.1");
      await waitUntil("the first run", () => runs === 1);
      await delay(200);
      await queue.wake("1.1");
      await waitUntil("the second run", () => runs === 2);
    });

    test("does not put off a study that was woken while it was looked at", async () => {
      let runs = 0;
      await queue.work(1, async (uid) => {
        runs += 1;
        if (runs > 1) return;
        await queue.wake(uid);
        await database.db.transaction().execute((transaction) => queue.wakeLater(uid, inAnHour(), transaction));
      });
      await queue.wake("1.1");
      await waitUntil("the second run", () => runs === 2);
    });

    test("drops a job whose transaction fails", async () => {
      const failing = database.db.transaction().execute(async (transaction) => {
        await queue.wake("1.1", transaction);
        throw new Error("rolled back");
      });
      await assert.rejects(failing, /rolled back/);
      const seen: string[] = [];
      await queue.work(1, async (uid) => void seen.push(uid));
      await queue.wake("1.2");
      await waitUntil("a study", () => seen.length > 0);
      assert.deepEqual(seen, ["1.2"]);
    });

    test("tells every listener of a changed study once the change is committed", async () => {
      const notices: StudyNotice[] = [];
      await queue.listen((notice) => notices.push(notice));
      await sql`select pg_notify('vigil_study', 'no notice')`.execute(database.db);
      await recordNews(database.db, "1.1", { stable: true }, null);
      await database.db.updateTable("studies").set({ flag: "critical", flaggedAt: new Date() }).execute();
      await waitUntil("two notices", () => notices.length === 2);
      assert.deepEqual(notices, [
        { studyInstanceUid: "1.1", flagged: false },
        { studyInstanceUid: "1.1", flagged: true },
      ]);
    });
  });
}

test("a second process is kept off an embedded database, until the first has closed it", async () => {
  const dir = mkdtempSync(path.join(tmpdir(), "vigil-lock-"));
  const config = { data: { dir }, database: {} };
  const first = await openDatabase(config);
  await assert.rejects(openDatabase(config), { code: "database-unavailable", message: /another Vigil/ });
  await first.close();
  const second = await openDatabase(config);
  await second.close();
  rmSync(dir, { recursive: true });
});

test("several processes may open an empty PostgreSQL database at the same time", async () => {
  const server = await PostgresServer.start();
  const url = await server.createDatabase();
  const open = () => openDatabase({ data: { dir: tmpdir() }, database: { url } });
  const databases = await Promise.all([open(), open(), open()]);
  const queues = databases.map((database) => new StudyQueue(database, logger));
  await Promise.all(queues.map((queue) => queue.start()));
  const seen: string[] = [];
  for (const queue of queues) await queue.work(1, async (uid) => void seen.push(uid));
  await Promise.all(queues.map((queue) => queue.wake("1.1")));
  await waitUntil("a study", () => seen.length > 0);
  await Promise.all(queues.map((queue) => queue.stop()));
  await Promise.all(databases.map((database) => database.close()));
  await server.stop();
});

test("a PostgreSQL that is not there is reported as such, without its password", async () => {
  const url = "postgres://vigil:s3cret@127.0.0.1:1/vigil";
  await assert.rejects(
    openDatabase({ data: { dir: tmpdir() }, database: { url } }),
    (error: Error & { code?: string }) => {
      assert.equal(error.code, "database-unavailable");
      assert.doesNotMatch(error.message, /s3cret/);
      return true;
    },
  );
});

function inAnHour(): Date {
  return new Date(Date.now() + 3_600_000);
}

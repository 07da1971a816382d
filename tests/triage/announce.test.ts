import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { createLogger } from "../../src/log.ts";
import { type StudyNotice, StudyQueue } from "../../src/store/queue.ts";
import { findStudy } from "../../src/store/studies.ts";
import { beginAttempt, settleNews, studiesToDo } from "../../src/store/work.ts";
import { announce } from "../../src/triage/announce.ts";
import { databaseKinds } from "../support/database.ts";
import { quickConfig } from "../support/triage.ts";
import { waitUntil } from "../support/wait.ts";

const kinds = databaseKinds();
after(() => Promise.all(kinds.map((kind) => kind.close())));
const logger = createLogger("silent");

describe("a study is announced, queued and told about", () => {
  for (const kind of kinds) {
    for (const uid of ["ID_7436cf1007", "7".repeat(64)]) {
      test(`under the UID ${uid} on ${kind.name}`, async (t) => {
        const database = await kind.openNew();
        const { db } = database;
        const queue = new StudyQueue(database, logger);
        t.after(async () => {
          await queue.stop();
          await database.close();
        });
        await queue.start();
        const notices: StudyNotice[] = [];
        await queue.listen((notice) => notices.push(notice));
        const worked: string[] = [];
        await queue.work(1, async (study) => {
          await beginAttempt(db, study);
          await settleNews(db, study, 1);
          worked.push(study);
        });
        const context = { config: quickConfig([]).triage, database, queue, pacs: [], logger };
        await announce(context, uid, { stable: true, instances: 30 }, "north");

        await waitUntil("the job", () => worked.length > 0);
        assert.deepEqual(worked, [uid]);
        await waitUntil("a notice of each change", () => notices.length === 3);
        assert.deepEqual(new Set(notices.map(({ studyInstanceUid }) => studyInstanceUid)), new Set([uid]));
        const study = await findStudy(db, uid);
        assert.deepEqual([study?.state, study?.instances, study?.handled], ["received", 30, 1]);
        assert.deepEqual(await studiesToDo(db), []);
      });
    }
  }
});

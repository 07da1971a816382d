import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import type { PacsConfig } from "../../src/config.ts";
import { Pacs } from "../../src/dicomweb/pacs.ts";
import { createLogger } from "../../src/log.ts";
import { buildStructuredReport } from "../../src/reports/structured-report.ts";
import type { Database } from "../../src/store/database.ts";
import { addDelivery, listDeliveries } from "../../src/store/deliveries.ts";
import { listEvents } from "../../src/store/events.ts";
import { StudyQueue } from "../../src/store/queue.ts";
import { deliver } from "../../src/triage/deliver.ts";
import { databaseKinds } from "../support/database.ts";
import { TestPacs } from "../support/pacs.ts";
import { scoredStudy } from "../support/scored-study.ts";
import { saveScored } from "../support/store.ts";
import { quickConfig } from "../support/triage.ts";
import { waitUntil } from "../support/wait.ts";

const kinds = databaseKinds();
const logger = createLogger("silent");
let orthanc: TestPacs;

before(async () => {
  orthanc = await TestPacs.start();
});
after(() => Promise.all([orthanc.close(), ...kinds.map((kind) => kind.close())]));

for (const kind of kinds) {
  describe(`a report in ${kind.name}`, () => {
    let database: Database;
    let queue: StudyQueue;
    before(async () => {
      database = await kind.openNew();
      queue = new StudyQueue(database, logger);
      await queue.start();
    });
    after(async () => {
      await queue.stop();
      await database.close();
    });

    async function saveWithReport(key: string, slices: number) {
      const parts = { key: `${kind.name} ${key}`, slices, findings: { any: { presence: "present" as const } } };
      const { uid, id } = await saveScored(database.db, parts);
      const report = buildStructuredReport(scoredStudy(parts));
      await addDelivery(database.db, id, uid, report);
      return { uid, id, report };
    }

    async function deliverTo(changes: Partial<PacsConfig>, uid: string, signal = new AbortController().signal) {
      const config = quickConfig([orthanc.config({ name: "north", ...changes })]);
      const pacs = config.pacs.map((one) => new Pacs(one));
      await deliver({ config: config.triage, database, queue, pacs, logger }, uid, signal);
    }

    for (const slices of [8, 22, 120]) {
      test(`on a study of ${slices} slices arrives byte for byte`, async () => {
        const { uid, id, report } = await saveWithReport(`${slices} slices`, slices);
        await deliverTo({}, uid);
        assert.equal((await listDeliveries(database.db, id))[0]?.state, "delivered");
        const { content } = await database.db
          .selectFrom("deliveries")
          .select("content")
          .where("resultId", "=", id)
          .executeTakeFirstOrThrow();
        assert.deepEqual(Buffer.from(content), Buffer.from(report.bytes));
        assert.deepEqual(await orthanc.storedFile(report.sopInstanceUid), Buffer.from(report.bytes));
      });
    }

    test("whose delivery we break off ourselves waits for the next one, without an attempt less", async () => {
      const { uid, id } = await saveWithReport("broken off", 8);
      const stopping = new AbortController();
      const silent = createServer(() => stopping.abort());
      await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
      const dicomweb = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
      await deliverTo({ dicomweb }, uid, stopping.signal);
      silent.closeAllConnections();
      silent.close();

      const [waiting] = await listDeliveries(database.db, id);
      assert.deepEqual([waiting?.state, waiting?.attempts], ["pending", 0]);
      const steps = (await listEvents(database.db, uid)).map(({ type }) => type);
      assert.ok(!steps.some((type) => type.startsWith("delivery")), steps.join());
      const woken: string[] = [];
      await queue.work(1, async (study) => void woken.push(study));
      await waitUntil("the study to be woken", () => woken.includes(uid));

      await deliverTo({}, uid);
      const [delivered] = await listDeliveries(database.db, id);
      assert.deepEqual([delivered?.state, delivered?.attempts, delivered?.error], ["delivered", 1, null]);
    });
  });
}

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { VigilError } from "../../src/errors.ts";
import type { Database } from "../../src/store/database.ts";
import {
  addDelivery,
  beginDelivery,
  dropPendingDeliveries,
  listDeliveries,
  listObjects,
  listPendingDeliveries,
  markDelivered,
  markMissing,
  recordDeliveryError,
} from "../../src/store/deliveries.ts";
import { findHeatMap, saveHeatMap } from "../../src/store/heat-maps.ts";
import { findResult, listFormerResults } from "../../src/store/results.ts";
import { findStudy } from "../../src/store/studies.ts";
import { studiesToDo } from "../../src/store/work.ts";
import { databaseKinds } from "../support/database.ts";
import { clear, report, saveScored } from "../support/store.ts";

const kinds = databaseKinds();
after(() => Promise.all(kinds.map((kind) => kind.close())));

for (const kind of kinds) {
  describe(`results and deliveries on ${kind.name}`, () => {
    let database: Database;
    let db: Database["db"];
    before(async () => {
      database = await kind.openNew();
      db = database.db;
    });
    beforeEach(() => clear(db));
    after(() => database.close());

    describe("keeps results", () => {
      test("whole, and only one of the same content and model", async () => {
        const { uid, id, result } = await saveScored(db, { key: "a", findings: { any: { presence: "present" } } });
        assert.deepEqual((await findResult(db, id))?.result, result);
        const again = await saveScored(db, { key: "a", findings: { any: { presence: "present" } } });
        assert.equal(again.id, id);
        const study = await findStudy(db, uid);
        assert.deepEqual(
          [study?.flag, study?.probability, study?.threshold, study?.findings, study?.images],
          ["critical", 0.97, 0.635, [{ label: "any", probability: 0.97 }], 30],
        );
      });

      test("with the ones they replaced, newest first", async () => {
        const first = await saveScored(db, { key: "a", contentHash: "one" });
        const { uid } = first;
        await addDelivery(db, first.id, uid, report("1.5.1"));
        await markDelivered(db, (await listPendingDeliveries(db, uid))[0]!);
        const second = await saveScored(db, {
          key: "a",
          contentHash: "two",
          findings: { any: { presence: "present" } },
        });
        const third = await saveScored(db, { key: "a", contentHash: "three" });
        const history = await listFormerResults(db, uid, third.id);
        assert.deepEqual(
          history.map(({ contentHash, flag, srSopInstanceUid }) => ({ contentHash, flag, srSopInstanceUid })),
          [
            { contentHash: "two", flag: "critical", srSopInstanceUid: null },
            { contentHash: "one", flag: "negative", srSopInstanceUid: "1.5.1" },
          ],
        );
        assert.notEqual(second.id, third.id);
      });

      test("and the time of a flag as long as the flag stays", async () => {
        const { uid } = await saveScored(db, { key: "a", contentHash: "one" });
        const long = new Date("2026-01-01T00:00:00Z");
        await db.updateTable("studies").set({ flaggedAt: long }).where("studyInstanceUid", "=", uid).execute();
        await saveScored(db, { key: "a", contentHash: "two" });
        assert.deepEqual((await findStudy(db, uid))?.flaggedAt, long);
        await saveScored(db, { key: "a", contentHash: "three", findings: { any: { presence: "present" } } });
        assert.notDeepEqual((await findStudy(db, uid))?.flaggedAt, long);
      });

      test("with their heat maps, byte for byte", async () => {
        const { id } = await saveScored(db, { key: "a" });
        const heatMap = {
          gridWidth: 2,
          gridHeight: 1,
          slices: [1, 2].map((n) => ({
            sopInstanceUid: `1.4.${n}`,
            area: [-8, 0, 200.5, 208.5] as [number, number, number, number],
            cells: Uint8Array.from({ length: 12 }, (_, i) => (i * 23 * n) % 256),
          })),
        };
        await saveHeatMap(db, id, heatMap);
        assert.deepEqual(await findHeatMap(db, id), heatMap);
        await saveHeatMap(db, id, { ...heatMap, slices: [] });
        assert.deepEqual((await findHeatMap(db, id))?.slices, []);
      });
    });

    describe("keeps deliveries", () => {
      test("from the attempt that fails to the one that succeeds", async () => {
        const { uid, id } = await saveScored(db, { key: "a" });
        await addDelivery(db, id, uid, report("1.5.1"));
        const [delivery] = await listPendingDeliveries(db, uid);
        assert.deepEqual([delivery?.pacs, [...(delivery?.content ?? [])]], ["north", [0, 255, 68, 73]]);
        assert.deepEqual(await studiesToDo(db), [uid]);
        await beginDelivery(db, delivery!);
        await recordDeliveryError(db, delivery!, new VigilError("pacs-busy", "later"), "pending");
        const waiting = { kind: "sr", state: "pending", sopInstanceUid: "1.5.1", attempts: 1 };
        assert.deepEqual(await listDeliveries(db, id), [
          { ...waiting, error: { code: "pacs-busy", message: "later" } },
        ]);
        await beginDelivery(db, delivery!);
        await markDelivered(db, delivery!);
        assert.deepEqual(await listDeliveries(db, id), [{ ...waiting, state: "delivered", attempts: 2, error: null }]);
        assert.deepEqual(await studiesToDo(db), []);
      });

      test("but not those of a result that was replaced before they were made", async () => {
        const first = await saveScored(db, { key: "a", contentHash: "one" });
        const { uid } = first;
        await addDelivery(db, first.id, uid, report("1.5.1"));
        const second = await saveScored(db, { key: "a", contentHash: "two" });
        await addDelivery(db, second.id, uid, report("1.5.2"));
        await dropPendingDeliveries(db, uid, second.id);
        assert.deepEqual(
          (await listObjects(db, uid)).map((row) => row.sopInstanceUid),
          ["1.5.2"],
        );
      });

      test("to make them again when the PACS has lost the object", async () => {
        const { uid, id } = await saveScored(db, { key: "a" });
        await addDelivery(db, id, uid, report("1.5.1"));
        await markDelivered(db, (await listPendingDeliveries(db, uid))[0]!);
        assert.equal(await markMissing(db, id, ["1.5.1"]), false);
        assert.equal(await markMissing(db, id, []), true);
        assert.equal((await listPendingDeliveries(db, uid)).length, 1);
      });
    });
  });
}

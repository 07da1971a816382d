import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { VigilError } from "../../src/errors.ts";
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
import { onEachDatabase, report, saveScored } from "../support/store.ts";

onEachDatabase("results and deliveries", (store) => {
  describe("keeps results", () => {
    test("whole, and only one of the same content and model", async () => {
      const { uid, id, result } = await saveScored(store.db, { key: "a", findings: { any: { presence: "present" } } });
      assert.deepEqual((await findResult(store.db, id))?.result, result);
      const again = await saveScored(store.db, { key: "a", findings: { any: { presence: "present" } } });
      assert.equal(again.id, id);
      const study = await findStudy(store.db, uid);
      assert.deepEqual(
        [study?.flag, study?.probability, study?.threshold, study?.findings, study?.images],
        ["critical", 0.97, 0.635, [{ label: "any", probability: 0.97 }], 30],
      );
    });

    test("with the ones they replaced, newest first", async () => {
      const first = await saveScored(store.db, { key: "a", contentHash: "one" });
      const { uid } = first;
      await addDelivery(store.db, first.id, uid, report("1.5.1"));
      await markDelivered(store.db, (await listPendingDeliveries(store.db, uid))[0]!);
      const second = await saveScored(store.db, {
        key: "a",
        contentHash: "two",
        findings: { any: { presence: "present" } },
      });
      const third = await saveScored(store.db, { key: "a", contentHash: "three" });
      const history = await listFormerResults(store.db, uid, third.id);
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
      const { uid } = await saveScored(store.db, { key: "a", contentHash: "one" });
      const long = new Date("2026-01-01T00:00:00Z");
      await store.db.updateTable("studies").set({ flaggedAt: long }).where("studyInstanceUid", "=", uid).execute();
      await saveScored(store.db, { key: "a", contentHash: "two" });
      assert.deepEqual((await findStudy(store.db, uid))?.flaggedAt, long);
      await saveScored(store.db, { key: "a", contentHash: "three", findings: { any: { presence: "present" } } });
      assert.notDeepEqual((await findStudy(store.db, uid))?.flaggedAt, long);
    });

    test("with their heat maps, byte for byte", async () => {
      const { id } = await saveScored(store.db, { key: "a" });
      const heatMap = {
        gridWidth: 2,
        gridHeight: 1,
        slices: [1, 2].map((n) => ({
          seriesInstanceUid: "1.3",
          sopInstanceUid: `1.4.${n}`,
          frameNumber: null,
          area: [-8, 0, 200.5, 208.5] as [number, number, number, number],
          cells: Uint8Array.from({ length: 12 }, (_, i) => (i * 23 * n) % 256),
        })),
      };
      await saveHeatMap(store.db, id, heatMap);
      assert.deepEqual(await findHeatMap(store.db, id, "1.9"), heatMap);
      await saveHeatMap(store.db, id, { ...heatMap, slices: [] });
      assert.deepEqual((await findHeatMap(store.db, id, "1.9"))?.slices, []);
    });
  });

  describe("keeps deliveries", () => {
    test("from the attempt that fails to the one that succeeds", async () => {
      const { uid, id } = await saveScored(store.db, { key: "a" });
      await addDelivery(store.db, id, uid, report("1.5.1"));
      const [delivery] = await listPendingDeliveries(store.db, uid);
      assert.deepEqual([delivery?.pacs, [...(delivery?.content ?? [])]], ["north", [0, 255, 68, 73]]);
      assert.deepEqual(await studiesToDo(store.db), [uid]);
      await beginDelivery(store.db, delivery!);
      await recordDeliveryError(store.db, delivery!, new VigilError("pacs-busy", "later"), "pending");
      const waiting = { kind: "sr", state: "pending", sopInstanceUid: "1.5.1", attempts: 1 };
      assert.deepEqual(await listDeliveries(store.db, id), [
        { ...waiting, error: { code: "pacs-busy", message: "later" } },
      ]);
      await beginDelivery(store.db, delivery!);
      await markDelivered(store.db, delivery!);
      assert.deepEqual(await listDeliveries(store.db, id), [
        { ...waiting, state: "delivered", attempts: 2, error: null },
      ]);
      assert.deepEqual(await studiesToDo(store.db), []);
    });

    test("but not those of a result that was replaced before they were made", async () => {
      const first = await saveScored(store.db, { key: "a", contentHash: "one" });
      const { uid } = first;
      await addDelivery(store.db, first.id, uid, report("1.5.1"));
      const second = await saveScored(store.db, { key: "a", contentHash: "two" });
      await addDelivery(store.db, second.id, uid, report("1.5.2"));
      await dropPendingDeliveries(store.db, uid, second.id);
      assert.deepEqual(
        (await listObjects(store.db, uid)).map((row) => row.sopInstanceUid),
        ["1.5.2"],
      );
    });

    test("to make them again when the PACS has lost the object", async () => {
      const { uid, id } = await saveScored(store.db, { key: "a" });
      await addDelivery(store.db, id, uid, report("1.5.1"));
      await markDelivered(store.db, (await listPendingDeliveries(store.db, uid))[0]!);
      assert.equal(await markMissing(store.db, id, ["1.5.1"]), false);
      assert.equal(await markMissing(store.db, id, []), true);
      assert.equal((await listPendingDeliveries(store.db, uid)).length, 1);
    });
  });
});

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import type { StudyAttributes } from "../src/dicom/study-attributes.ts";
import { VigilError } from "../src/errors.ts";
import { databaseCursor } from "../src/store/cursors.ts";
import type { Database } from "../src/store/database.ts";
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
} from "../src/store/deliveries.ts";
import { findHeatMap, saveHeatMap } from "../src/store/heat-maps.ts";
import { findResult, listFormerResults, saveResult } from "../src/store/results.ts";
import { findStudy, identifyStudy, recordNews, showResult } from "../src/store/studies.ts";
import {
  beginAttempt,
  failStudy,
  requestRescore,
  reviveAfterOutage,
  settleNews,
  studiesToDo,
} from "../src/store/work.ts";
import { listStudies, type WorklistFilter } from "../src/store/worklist.ts";
import type { ScoredStudy } from "../src/triage/scored-study.ts";
import { databaseKinds } from "./support/database.ts";
import { type ScoredStudyParts, scoredStudy } from "./support/scored-study.ts";

const kinds = databaseKinds();
after(() => Promise.all(kinds.map((kind) => kind.close())));

for (const kind of kinds) {
  describe(`the store on ${kind.name}`, () => {
    let database: Database;
    let db: Database["db"];
    before(async () => {
      database = await kind.openNew();
      db = database.db;
    });
    beforeEach(async () => {
      await db.updateTable("studies").set({ result_id: null }).execute();
      for (const table of ["heat_maps", "deliveries", "results", "study_events", "feedback", "studies"] as const) {
        await db.deleteFrom(table).execute();
      }
    });
    after(() => database.close());

    /** A study that has been scored, and how. */
    async function saveScored(
      parts: ScoredStudyParts,
      receivedAt?: Date,
    ): Promise<{ scored: ScoredStudy; id: number }> {
      const scored = scoredStudy(parts);
      const { result, contentHash } = scored;
      await recordNews(db, result.studyInstanceUid, { stable: true }, "north");
      await identifyStudy(db, "north", scored.attributes, 30);
      const id = await saveResult(db, { contentHash, model: result.model!, result });
      await showResult(db, id, result, "fingerprint", 30);
      await settleNews(db, result.studyInstanceUid, 1);
      if (receivedAt !== undefined)
        await db
          .updateTable("studies")
          .set({ received_at: receivedAt })
          .where("study_instance_uid", "=", result.studyInstanceUid)
          .execute();
      return { scored, id };
    }

    const object = (sopInstanceUid: string) => ({
      kind: "sr" as const,
      sopClassUid: "1.2.840.10008.5.1.4.1.1.88.33",
      sopInstanceUid,
      seriesInstanceUid: "1.9",
      bytes: new Uint8Array([0, 255, 68, 73]),
    });

    describe("takes down news of a study", () => {
      test("once when it is new, whatever is known of it", async () => {
        assert.equal(await recordNews(db, "1.1", { stable: false }, "north"), true);
        assert.equal(await recordNews(db, "1.1", { stable: false }, "north"), false);
        const study = await findStudy(db, "1.1");
        assert.deepEqual([study?.state, study?.flag, study?.pacs, study?.news], ["received", "pending", "north", 1]);
      });

      test("again when its number of instances has changed, and not when it has not", async () => {
        await recordNews(db, "1.1", { instances: 10, stable: false }, "north");
        assert.equal(await recordNews(db, "1.1", { instances: 10, stable: false }, "north"), false);
        assert.equal(await recordNews(db, "1.1", { instances: 11, stable: false }, "north"), true);
        assert.equal((await findStudy(db, "1.1"))?.news, 2);
      });

      test("again whenever the PACS holds it for complete", async () => {
        await recordNews(db, "1.1", { stable: false }, "north");
        assert.equal(await recordNews(db, "1.1", { stable: true }, "north"), true);
        assert.equal((await findStudy(db, "1.1"))?.said_stable, true);
      });

      test("and keeps what comes while it is dealt with", async () => {
        await recordNews(db, "1.1", { stable: true }, "north");
        await recordNews(db, "1.1", { stable: true }, "north");
        await settleNews(db, "1.1", 1);
        assert.deepEqual(await studiesToDo(db), ["1.1"]);
        assert.equal((await findStudy(db, "1.1"))?.said_stable, true);
        await settleNews(db, "1.1", 2);
        assert.deepEqual(await studiesToDo(db), []);
        assert.equal((await findStudy(db, "1.1"))?.said_stable, false);
      });
    });

    describe("lists studies", () => {
      const day = (n: number) => new Date(Date.UTC(2026, 0, n));
      const uids = async (filter: Partial<WorklistFilter> = {}) =>
        (await listStudies(db, { sort: "priority", limit: 100, ...filter })).rows.map((row) => row.study_instance_uid);

      async function saveFive(): Promise<Record<string, string>> {
        const negative = await saveScored({ key: "negative" }, day(1));
        const late = await saveScored({ key: "late", findings: { any: { presence: "present" } } }, day(5));
        const unsure = await saveScored({ key: "unsure", findings: { any: { presence: "undetermined" } } }, day(2));
        const early = await saveScored(
          { key: "early", findings: { any: { presence: "present" }, subdural: { presence: "present" } } },
          day(4),
        );
        await recordNews(db, "1.1", { stable: false }, "north");
        const uid = (saved: { scored: ScoredStudy }) => saved.scored.result.studyInstanceUid;
        return { negative: uid(negative), late: uid(late), unsure: uid(unsure), early: uid(early), pending: "1.1" };
      }

      test("flagged ones first, then the ones without a result, each the oldest first", async () => {
        const { negative, late, unsure, early, pending } = await saveFive();
        assert.deepEqual(await uids(), [early, late, unsure, pending, negative]);
        assert.deepEqual(await uids({ flagged: true }), [early, late, unsure]);
        assert.deepEqual(await uids({ flagged: false }), [pending, negative]);
        assert.deepEqual(await uids({ sort: "received" }), [negative, unsure, early, late, pending]);
        assert.deepEqual(await uids({ sort: "-received" }), [pending, late, early, unsure, negative]);
        assert.deepEqual(await uids({ state: "received" }), [early, late, unsure, pending, negative]);
        assert.deepEqual(await uids({ state: "failed" }), []);
      });

      for (const sort of ["priority", "received", "-received"] as const) {
        test(`page by page without a gap or a repetition (sort ${sort})`, async () => {
          await saveFive();
          await saveScored({ key: "same time" }, day(1));
          const whole = await uids({ sort });
          const paged: string[] = [];
          let after: WorklistFilter["after"];
          do {
            const page = await listStudies(db, { sort, limit: 2, after });
            paged.push(...page.rows.map((row) => row.study_instance_uid));
            after = page.next ?? undefined;
          } while (after !== undefined);
          assert.deepEqual(paged, whole);
          assert.equal(paged.length, 6);
        });
      }

      test("by words of name, patient id, accession number and description, without case and accents", async () => {
        const attributes: Partial<StudyAttributes> = {
          patientName: "ΠΑΠΑΔΌΠΟΥΛΟΣ^Νίκος=Papadopoulos^Nikos",
          patientId: "P_7%",
          accessionNumber: "ACC42",
          studyDescription: "CT Schädel nativ",
        };
        const { scored } = await saveScored({ key: "greek", attributes });
        await saveScored({ key: "other" });
        const uid = scored.result.studyInstanceUid;
        for (const text of ["παπαδοπουλος νικος", "nikos PAPA", "schadel", "acc42", "p_7%", " Schädel  acc "]) {
          assert.deepEqual(await uids({ text }), [uid], text);
        }
        for (const text of ["nikos other", "p__%", "7_", "\\"]) assert.deepEqual(await uids({ text }), [], text);
        assert.equal((await uids({ text: "  " })).length, 2);
      });
    });

    describe("keeps results", () => {
      test("whole, and only one of the same content and model", async () => {
        const { scored, id } = await saveScored({ key: "a", findings: { any: { presence: "present" } } });
        assert.deepEqual((await findResult(db, id))?.result, scored.result);
        const again = await saveScored({ key: "a", findings: { any: { presence: "present" } } });
        assert.equal(again.id, id);
        const study = await findStudy(db, scored.result.studyInstanceUid);
        assert.deepEqual(
          [study?.flag, study?.probability, study?.threshold, study?.findings, study?.images],
          ["critical", 0.97, 0.635, [{ label: "any", probability: 0.97 }], 30],
        );
      });

      test("with the ones they replaced, newest first", async () => {
        const first = await saveScored({ key: "a", contentHash: "one" });
        const uid = first.scored.result.studyInstanceUid;
        await addDelivery(db, first.id, uid, object("1.5.1"));
        await markDelivered(db, (await listPendingDeliveries(db, uid))[0]!);
        const second = await saveScored({ key: "a", contentHash: "two", findings: { any: { presence: "present" } } });
        const third = await saveScored({ key: "a", contentHash: "three" });
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
        const { scored } = await saveScored({ key: "a", contentHash: "one" });
        const uid = scored.result.studyInstanceUid;
        const long = new Date("2026-01-01T00:00:00Z");
        await db.updateTable("studies").set({ flagged_at: long }).where("study_instance_uid", "=", uid).execute();
        await saveScored({ key: "a", contentHash: "two" });
        assert.deepEqual((await findStudy(db, uid))?.flagged_at, long);
        await saveScored({ key: "a", contentHash: "three", findings: { any: { presence: "present" } } });
        assert.notDeepEqual((await findStudy(db, uid))?.flagged_at, long);
      });

      test("with their heat maps, byte for byte", async () => {
        const { id } = await saveScored({ key: "a" });
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
        const { scored, id } = await saveScored({ key: "a" });
        const uid = scored.result.studyInstanceUid;
        await addDelivery(db, id, uid, object("1.5.1"));
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
        const first = await saveScored({ key: "a", contentHash: "one" });
        const uid = first.scored.result.studyInstanceUid;
        await addDelivery(db, first.id, uid, object("1.5.1"));
        const second = await saveScored({ key: "a", contentHash: "two" });
        await addDelivery(db, second.id, uid, object("1.5.2"));
        await dropPendingDeliveries(db, uid, second.id);
        assert.deepEqual(
          (await listObjects(db, uid)).map((row) => row.sop_instance_uid),
          ["1.5.2"],
        );
      });

      test("to make them again when the PACS has lost the object", async () => {
        const { scored, id } = await saveScored({ key: "a" });
        const uid = scored.result.studyInstanceUid;
        await addDelivery(db, id, uid, object("1.5.1"));
        await markDelivered(db, (await listPendingDeliveries(db, uid))[0]!);
        assert.equal(await markMissing(db, id, ["1.5.1"]), false);
        assert.equal(await markMissing(db, id, []), true);
        assert.equal((await listPendingDeliveries(db, uid)).length, 1);
      });
    });

    describe("ends a study that fails", () => {
      const down = new VigilError("pacs-unreachable", "the PACS is down");

      test("visibly, and takes it up again after an outage of its PACS only", async () => {
        await recordNews(db, "1.1", { stable: true }, "north");
        await beginAttempt(db, "1.1");
        await failStudy(db, "1.1", 1, down);
        const failed = await findStudy(db, "1.1");
        assert.deepEqual(
          [failed?.state, failed?.flag, failed?.error_code, failed?.attempts],
          ["failed", "not-analysed", "pacs-unreachable", 0],
        );
        assert.deepEqual(await studiesToDo(db), []);
        await reviveAfterOutage(db, "south");
        assert.deepEqual(await studiesToDo(db), []);
        await reviveAfterOutage(db, "north");
        assert.deepEqual(await studiesToDo(db), ["1.1"]);
        assert.equal((await findStudy(db, "1.1"))?.flag, "pending");
      });

      test("for good when the error would come back", async () => {
        await recordNews(db, "1.1", { stable: true }, "north");
        await failStudy(db, "1.1", 1, new VigilError("dicom-unreadable", "no DICOM"));
        await reviveAfterOutage(db, "north");
        assert.deepEqual(await studiesToDo(db), []);
      });

      test("without taking a critical flag off it", async () => {
        const { scored } = await saveScored({ key: "a", findings: { any: { presence: "present" } } });
        await failStudy(db, scored.result.studyInstanceUid, 1, down);
        assert.equal((await findStudy(db, scored.result.studyInstanceUid))?.flag, "critical");
      });

      test("until somebody asks to score it again", async () => {
        await recordNews(db, "1.1", { stable: true }, "north");
        await failStudy(db, "1.1", 1, down);
        assert.equal(await requestRescore(db, "1.1"), true);
        assert.equal(await requestRescore(db, "1.2"), false);
        assert.deepEqual(await studiesToDo(db), ["1.1"]);
        assert.equal((await findStudy(db, "1.1"))?.forced, true);
      });
    });

    test("a cursor remembers its last position", async () => {
      const cursor = databaseCursor(db, "feed");
      assert.equal(await cursor.load(), undefined);
      await cursor.save("1");
      await cursor.save("2");
      assert.equal(await cursor.load(), "2");
      assert.equal(await databaseCursor(db, "another feed").load(), undefined);
    });
  });
}

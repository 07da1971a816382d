import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { StudyAttributes } from "../../src/contract/study-attributes.ts";
import { VigilError } from "../../src/errors.ts";
import { databaseCursor } from "../../src/store/cursors.ts";
import { findStudy, identifyStudy, recordNews } from "../../src/store/studies.ts";
import {
  beginAttempt,
  failStudy,
  requestRescore,
  reviveAfterOutage,
  settleNews,
  studiesToDo,
} from "../../src/store/work.ts";
import { findListedStudy, listStudies, type WorklistFilter } from "../../src/store/worklist.ts";
import { scoredStudy } from "../support/scored-study.ts";
import { onEachDatabase, saveScored } from "../support/store.ts";

onEachDatabase("the store", (store) => {
  describe("records news of a study", () => {
    test("once when it is new, whatever is known of it", async () => {
      assert.equal(await recordNews(store.db, "1.1", { stable: false }, "north"), true);
      assert.equal(await recordNews(store.db, "1.1", { stable: false }, "north"), false);
      const study = await findStudy(store.db, "1.1");
      assert.deepEqual([study?.state, study?.flag, study?.pacs, study?.news], ["received", "pending", "north", 1]);
    });

    test("again when its number of instances has changed, and not when it has not", async () => {
      await recordNews(store.db, "1.1", { instances: 10, stable: false }, "north");
      assert.equal(await recordNews(store.db, "1.1", { instances: 10, stable: false }, "north"), false);
      assert.equal(await recordNews(store.db, "1.1", { instances: 11, stable: false }, "north"), true);
      assert.equal((await findStudy(store.db, "1.1"))?.news, 2);
    });

    test("again whenever the PACS holds it for complete", async () => {
      await recordNews(store.db, "1.1", { stable: false }, "north");
      assert.equal(await recordNews(store.db, "1.1", { stable: true }, "north"), true);
      assert.equal((await findStudy(store.db, "1.1"))?.saidStable, true);
    });

    test("and keeps what comes while it is dealt with", async () => {
      await recordNews(store.db, "1.1", { stable: true }, "north");
      await recordNews(store.db, "1.1", { stable: true }, "north");
      await settleNews(store.db, "1.1", 1);
      assert.deepEqual(await studiesToDo(store.db), ["1.1"]);
      assert.equal((await findStudy(store.db, "1.1"))?.saidStable, true);
      await settleNews(store.db, "1.1", 2);
      assert.deepEqual(await studiesToDo(store.db), []);
      assert.equal((await findStudy(store.db, "1.1"))?.saidStable, false);
    });
  });

  describe("lists studies", () => {
    test("with their modalities, priority and ward", async () => {
      const { uid } = await saveScored(store.db, { key: "a" });
      assert.deepEqual((await findListedStudy(store.db, uid))?.modalitiesInStudy, []);
      const { attributes } = scoredStudy({ key: "a" });
      await identifyStudy(store.db, "north", attributes, 31, {
        modalitiesInStudy: ["CT", "SR"],
        priority: "STAT",
        ward: "ER",
      });
      const [row] = (await listStudies(store.db, { sort: "priority", limit: 1 })).rows;
      assert.deepEqual([row?.modalitiesInStudy, row?.priority, row?.ward], [["CT", "SR"], "STAT", "ER"]);
      assert.deepEqual(await findListedStudy(store.db, uid), row);
    });

    const day = (n: number) => new Date(Date.UTC(2026, 0, n));
    const uids = async (filter: Partial<WorklistFilter> = {}) =>
      (await listStudies(store.db, { sort: "priority", limit: 100, ...filter })).rows.map(
        (row) => row.studyInstanceUid,
      );

    async function saveFive(): Promise<Record<string, string>> {
      const negative = await saveScored(store.db, { key: "negative" }, day(1));
      const late = await saveScored(store.db, { key: "late", findings: { any: { presence: "present" } } }, day(5));
      const unsure = await saveScored(
        store.db,
        { key: "unsure", findings: { any: { presence: "undetermined" } } },
        day(2),
      );
      const early = await saveScored(
        store.db,
        { key: "early", findings: { any: { presence: "present" }, subdural: { presence: "present" } } },
        day(4),
      );
      await recordNews(store.db, "1.1", { stable: false }, "north");
      return { negative: negative.uid, late: late.uid, unsure: unsure.uid, early: early.uid, pending: "1.1" };
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
        await saveScored(store.db, { key: "same time" }, day(1));
        const whole = await uids({ sort });
        const paged: string[] = [];
        let after: WorklistFilter["after"];
        do {
          const page = await listStudies(store.db, { sort, limit: 2, after });
          paged.push(...page.rows.map((row) => row.studyInstanceUid));
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
      const { uid } = await saveScored(store.db, { key: "greek", attributes });
      await saveScored(store.db, { key: "other" });
      for (const text of ["παπαδοπουλος νικος", "nikos PAPA", "schadel", "acc42", "p_7%", " Schädel  acc "]) {
        assert.deepEqual(await uids({ text }), [uid], text);
      }
      for (const text of ["nikos other", "p__%", "7_", "\\"]) assert.deepEqual(await uids({ text }), [], text);
      assert.equal((await uids({ text: "  " })).length, 2);
    });
  });

  describe("ends a study that fails", () => {
    const down = new VigilError("pacs-unreachable", "the PACS is down");

    test("visibly, and takes it up again after an outage of its PACS only", async () => {
      await recordNews(store.db, "1.1", { stable: true }, "north");
      await beginAttempt(store.db, "1.1");
      await failStudy(store.db, "1.1", 1, down);
      const failed = await findStudy(store.db, "1.1");
      assert.deepEqual(
        [failed?.state, failed?.flag, failed?.errorCode, failed?.attempts],
        ["failed", "not-analysed", "pacs-unreachable", 0],
      );
      assert.deepEqual(await studiesToDo(store.db), []);
      await reviveAfterOutage(store.db, "south");
      assert.deepEqual(await studiesToDo(store.db), []);
      await reviveAfterOutage(store.db, "north");
      assert.deepEqual(await studiesToDo(store.db), ["1.1"]);
      assert.equal((await findStudy(store.db, "1.1"))?.flag, "pending");
    });

    test("for good when it has failed after several outages: it may be what brings the PACS down", async () => {
      await recordNews(store.db, "1.1", { stable: true }, "north");
      let rounds = 0;
      while ((await studiesToDo(store.db)).length > 0) {
        rounds++;
        await failStudy(store.db, "1.1", rounds, down);
        await reviveAfterOutage(store.db, "north");
      }
      assert.equal(rounds, 3);
      assert.equal((await findStudy(store.db, "1.1"))?.state, "failed");
    });

    test("for good when the error would come back", async () => {
      await recordNews(store.db, "1.1", { stable: true }, "north");
      await failStudy(store.db, "1.1", 1, new VigilError("dicom-unreadable", "no DICOM"));
      await reviveAfterOutage(store.db, "north");
      assert.deepEqual(await studiesToDo(store.db), []);
    });

    test("without taking a critical flag off it", async () => {
      const { uid } = await saveScored(store.db, { key: "a", findings: { any: { presence: "present" } } });
      await failStudy(store.db, uid, 1, down);
      assert.equal((await findStudy(store.db, uid))?.flag, "critical");
    });

    test("until somebody asks to score it again", async () => {
      await recordNews(store.db, "1.1", { stable: true }, "north");
      await failStudy(store.db, "1.1", 1, down);
      assert.equal(await requestRescore(store.db, "1.1"), "requested");
      assert.equal(await requestRescore(store.db, "1.2"), "no such study");
      assert.deepEqual(await studiesToDo(store.db), ["1.1"]);
      assert.equal((await findStudy(store.db, "1.1"))?.forced, true);
    });
  });

  test("a cursor remembers its last position", async () => {
    const cursor = databaseCursor(store.db, "feed");
    assert.equal(await cursor.load(), undefined);
    await cursor.save("1");
    await cursor.save("2");
    assert.equal(await cursor.load(), "2");
    assert.equal(await databaseCursor(store.db, "another feed").load(), undefined);
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { WorklistGroup } from "../../src/contract/worklist.ts";
import { VigilError } from "../../src/errors.ts";
import { recordNews } from "../../src/store/studies.ts";
import { failStudy } from "../../src/store/work.ts";
import { countGroups, listStudies } from "../../src/store/worklist.ts";
import { addFeedback } from "../../src/triage/feedback.ts";
import { notAnalysed } from "../support/scored-study.ts";
import { onEachDatabase, saveScored } from "../support/store.ts";

const BROKEN = new VigilError("dicom-unreadable", "no DICOM");

onEachDatabase("the order of the list", (store) => {
  /** The later ones are the more urgent ones, so that it is not the time that orders them. */
  async function saveAll(): Promise<Record<string, string>> {
    const day = (n: number) => new Date(Date.UTC(2026, 0, n));
    const save = async (key: string, n: number, parts: object = {}) =>
      (await saveScored(store.db, { key, ...parts }, day(n))).uid;
    const critical = { findings: { any: { presence: "present" } } };
    const uids = {
      readCritical: await save("read", 1, critical),
      noHead: await save("chest", 2, { result: notAnalysed("no-head") }),
      negative: await save("negative", 3),
      failed: await save("failed", 5),
      unusable: await save("unusable", 6, { result: notAnalysed("geometry-unusable") }),
      undetermined: await save("unsure", 7, { findings: { any: { presence: "undetermined" } } }),
      failedCritical: await save("bleeds, then failed", 8, critical),
      critical: await save("bleeds", 9, critical),
    };
    await addFeedback(store.db, uids.readCritical, { decision: "accept", label: "any" });
    await failStudy(store.db, uids.failed, 1, BROKEN);
    await failStudy(store.db, uids.failedCritical, 1, BROKEN);
    await recordNews(store.db, "1.1", { stable: false }, "north");
    return { ...uids, waiting: "1.1" };
  }

  const list = async (group?: WorklistGroup) => {
    const { rows } = await listStudies(store.db, { sort: "priority", limit: 100, group });
    return rows.map(({ studyInstanceUid }) => studyInstanceUid);
  };

  test("is by what nobody has read, and what was read sinks", async () => {
    const { failedCritical, critical, undetermined, unusable, failed, waiting, negative, noHead, readCritical } =
      await saveAll();
    const attention = [failedCritical, critical, undetermined, unusable];
    assert.deepEqual(await list(), [...attention, failed, waiting, negative, noHead, readCritical]);
    assert.deepEqual(await list("attention"), attention);
    for (const [group, uid] of Object.entries({
      failed,
      waiting,
      negative,
      "not-analysed": noHead,
      read: readCritical,
    })) {
      assert.deepEqual(await list(group as WorklistGroup), [uid], group);
    }
  });

  test("has groups whose counts add up to the whole list", async () => {
    await saveAll();
    assert.deepEqual(await countGroups(store.db), {
      groups: { attention: 4, failed: 1, waiting: 1, negative: 1, "not-analysed": 1, read: 1 },
      critical: 2,
      undetermined: 1,
    });
  });
});

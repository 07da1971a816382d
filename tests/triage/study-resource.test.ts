import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LABELS } from "../../src/contract/labels.ts";
import { studyResourceSchema } from "../../src/contract/study.ts";
import { worklistPageSchema, worklistQuerySchema } from "../../src/contract/worklist.ts";
import { heatMapResource, studyResource } from "../../src/triage/study-resource.ts";
import { worklistPage } from "../../src/triage/worklist.ts";
import { onEachDatabase, saveScored } from "../support/store.ts";

const probabilities = Object.fromEntries(LABELS.map((label) => [label, 0.9]));
const timings = { retrieveMs: 1, decodeMs: 1, preprocessMs: 1, inferenceMs: 1, reportMs: 1, totalMs: 5 };

/** As 0.1 stored it: slices without series and frame, warnings without limits. */
const resultOf01 = (uid: string) => ({
  studyInstanceUid: uid,
  seriesInstanceUid: "1.2.3",
  state: "scored",
  reason: null,
  flag: "critical",
  probabilities,
  findings: [
    {
      id: `${uid}/any`,
      label: "any",
      probability: 0.9,
      threshold: 0.635,
      undeterminedFrom: 0.355,
      presence: "present",
      laterality: null,
      keySlices: [{ sopInstanceUid: "1.2.3.1", z: 0, box: [148, 88, 192, 132] }],
    },
  ],
  slices: [{ sopInstanceUid: "1.2.3.1", file: null, positionMm: -12.5, probabilities }],
  series: [],
  warnings: [{ code: "gap", message: "2 slices are missing" }],
  model: { name: "ich-lite", version: "0.1.0" },
  provider: "cpu",
  timings,
});

const notAnalysedOf01 = (uid: string) => ({
  ...resultOf01(uid),
  seriesInstanceUid: null,
  state: "not-analysed",
  reason: "no-head",
  flag: "not-analysed",
  probabilities: null,
  findings: [],
  slices: [],
  provider: null,
});

onEachDatabase("a study", (store) => {
  const saveAs = async (stored: (uid: string) => unknown) => {
    const { uid } = await saveScored(store.db, { findings: { any: { presence: "present" } } });
    await store.db
      .updateTable("results")
      .set({ result: JSON.stringify(stored(uid)) })
      .execute();
    return uid;
  };
  const read = async (uid: string) => studyResourceSchema.parse(await studyResource(store.db, uid));
  const list = async () => worklistPageSchema.parse(await worklistPage(store.db, worklistQuerySchema.parse({}))).items;

  describe("whose result was stored by 0.1", () => {
    test("is shown in today's shape, with nothing lost", async () => {
      const uid = await saveAs(resultOf01);
      const study = await read(uid);
      const image = { seriesInstanceUid: "1.2.3", frameNumber: null };
      const { findings, slices, warnings } = resultOf01(uid);
      assert.deepEqual(study.slices, [{ ...slices[0], ...image }]);
      assert.deepEqual(study.findings[0]?.keySlices, [{ ...findings[0]?.keySlices[0], ...image }]);
      assert.deepEqual(study.warnings, [{ ...warnings[0], limitsFlag: false, notSeen: null }]);
      assert.deepEqual([study.flag, study.error], ["critical", null]);
      assert.equal((await list()).length, 1);
    });

    test("is shown when it was not analysed, with the reason", async () => {
      const study = await read(await saveAs(notAnalysedOf01));
      assert.deepEqual([study.flag, study.reason, study.error], ["not-analysed", "no-head", null]);
    });
  });

  test("whose stored result is none is shown as such, and stays in the list with its flag", async () => {
    const uid = await saveAs(() => ({ flag: "critical", probabilities: null }));
    const study = await read(uid);
    assert.deepEqual([study.flag, study.error?.code], ["not-analysed", "result-unreadable"]);
    assert.equal(await heatMapResource(store.db, uid, "any"), undefined);
    assert.deepEqual(
      (await list()).map((item) => [item.studyInstanceUid, item.flag]),
      [[uid, "critical"]],
    );
  });

  test("whose row holds something else than attributes and findings stays in the list", async () => {
    const { uid } = await saveScored(store.db, { findings: { any: { presence: "present" } } });
    const nonsense = JSON.stringify({ label: 7 });
    await store.db
      .updateTable("studies")
      .set({ attributes: nonsense, findings: nonsense, notSeen: nonsense })
      .execute();
    assert.deepEqual(
      (await list()).map((item) => [item.studyInstanceUid, item.flag, item.patientName, item.findings]),
      [[uid, "critical", "", []]],
    );
    assert.equal((await read(uid)).flag, "critical");
  });
});

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { TriageEvent } from "../../src/contract/event.ts";
import type { Triage } from "../../src/triage/triage.ts";
import { databaseKinds } from "../support/database.ts";
import { startEngine, type TestEngine } from "../support/engine.ts";
import type { TestPacs } from "../support/pacs.ts";
import { PacsProxy } from "../support/pacs-proxy.ts";
import { bleedingHeadStudy, chestStudy, filesOf, headStudy } from "../support/studies.ts";
import { TriageScene, until, untilState } from "../support/triage.ts";

const [pglite, postgres] = databaseKinds();
let engine: TestEngine;

before(async () => {
  engine = await startEngine();
});
after(() => Promise.all([engine.stop(), pglite!.close(), postgres!.close()]));

const timesScored = (uid: string) => engine.scored.filter((one) => one === uid).length;
const sopInstanceUidOf = (report: Record<string, { Value?: unknown[] }>) => report["00080018"]?.Value?.[0];

describe("a study in the PACS", () => {
  let scene: TriageScene;
  let orthanc: TestPacs;
  let triage: Triage;
  before(async () => {
    scene = await TriageScene.prepare(pglite!);
    orthanc = scene.orthanc;
    triage = await scene.start({ engine, pacs: orthanc.config() });
  });
  after(() => scene.close());

  test("is found, scored and reported with one SR, and every step is told", async () => {
    const events: TriageEvent[] = [];
    const unsubscribe = triage.subscribe((event) => events.push(event));
    const series = bleedingHeadStudy("bleeding");
    const uid = series.studyInstanceUid;
    await orthanc.send(filesOf(series));
    const study = await untilState(triage, uid, "reported");
    unsubscribe();

    assert.equal(study.flag, "critical");
    assert.equal(study.seriesInstanceUid, series.seriesInstanceUid);
    assert.equal(study.slices.length, series.instances.length);
    assert.equal(study.patient.patientName, "bleeding^Test");
    const steps = study.events.map((event) => event.type);
    assert.deepEqual(
      steps.filter((step) => step !== "waiting"),
      ["received", "scoring", "scored", "delivered", "reported"],
    );
    const reports = await orthanc.reports(uid);
    assert.deepEqual(reports.map(sopInstanceUidOf), [study.deliveries[0]?.sopInstanceUid]);

    const updates = events.filter((event) => event.type === "study-updated");
    assert.ok(updates.some(({ study: { state, progress } }) => state === "scoring" && (progress?.total ?? 0) > 0));
    assert.deepEqual(
      events
        .filter((event) => event.type === "flagged")
        .map(({ study: { studyInstanceUid, flag } }) => [studyInstanceUid, flag]),
      [[uid, "critical"]],
    );
    const heatMap = await triage.heatMap(uid, "any");
    assert.equal(heatMap?.slices.length, series.instances.length);
    const strongest = Math.max(...heatMap!.slices.flatMap(({ cells }) => [...Buffer.from(cells, "base64")]));
    assert.ok(strongest > 127, `the heat map reaches ${strongest} of 255`);
  });

  test("is not scored again because of our own SR", async () => {
    const series = headStudy("own report");
    const uid = series.studyInstanceUid;
    await orthanc.send(filesOf(series));
    const reported = await untilState(triage, uid, "reported");
    assert.equal(reported.flag, "negative");
    // Orthanc now holds the study for stable once more, this time with the SR in it, and QIDO counts one more.
    await until(triage, uid, async () => {
      const row = await scene.database.db
        .selectFrom("studies")
        .selectAll()
        .where("studyInstanceUid", "=", uid)
        .executeTakeFirst();
      return row?.instances === series.instances.length + 1 && row.news === row.handled && row.news > 2;
    });
    const study = await triage.study(uid);
    assert.equal(study?.state, "reported");
    assert.equal(timesScored(uid), 1);
    assert.deepEqual(study?.history, []);
    assert.equal((await orthanc.reports(uid)).length, 1);
  });

  test("is scored again when slices come late, and the new SR supersedes the old one", async () => {
    const series = headStudy("late slices");
    const uid = series.studyInstanceUid;
    const files = filesOf(series);
    await orthanc.send(files.slice(0, 20));
    const first = await untilState(triage, uid, "reported");
    await orthanc.send(files.slice(20));
    const second = await until(triage, uid, (study) => study.state === "reported" && study.history.length === 1);

    assert.equal(first.slices.length, 20);
    assert.equal(second.slices.length, 30);
    assert.equal(timesScored(uid), 2);
    const oldUid = first.deliveries[0]?.sopInstanceUid;
    const newUid = second.deliveries[0]?.sopInstanceUid;
    assert.equal(second.history[0]?.srSopInstanceUid, oldUid);
    const reports = await orthanc.reports(uid);
    assert.deepEqual(new Set(reports.map(sopInstanceUidOf)), new Set([oldUid, newUid]));
    const newReport = reports.find((report) => sopInstanceUidOf(report) === newUid);
    assert.match(JSON.stringify(newReport?.["0040A360"]), new RegExp(`"${oldUid}"`));
    assert.equal(reports.find((report) => sopInstanceUidOf(report) === oldUid)?.["0040A360"], undefined);
  });

  test("that is no head CT is not analysed, for a reason, and gets no SR", async () => {
    const series = chestStudy("chest");
    await orthanc.send(filesOf(series));
    const study = await untilState(triage, series.studyInstanceUid, "not-analysed");
    assert.equal(study.reason, "no-head");
    assert.equal(study.flag, "not-analysed");
    assert.deepEqual(
      study.series.map(({ chosen }) => chosen),
      [false],
    );
    assert.deepEqual(await orthanc.reports(series.studyInstanceUid), []);
  });

  test("is scored again on request and still has one SR", async () => {
    const series = headStudy("rescored");
    const uid = series.studyInstanceUid;
    await orthanc.send(filesOf(series));
    await untilState(triage, uid, "reported");
    await triage.rescore(uid);
    await until(triage, uid, (study) => study.events.filter(({ type }) => type === "reported").length === 2);
    assert.equal(timesScored(uid), 2);
    assert.equal((await orthanc.reports(uid)).length, 1);
    await assert.rejects(triage.rescore("1.2.3"), { code: "not-found" });
  });

  test("takes feedback on its findings only", async () => {
    const series = headStudy("feedback");
    await orthanc.send(filesOf(series));
    const study = await untilState(triage, series.studyInstanceUid, "reported");
    const finding = study.findings[0]!;
    const feedback = { findingId: finding.id, decision: "reject" as const, label: finding.label, comment: "calcified" };
    const { feedback: stored } = await triage.addFeedback(series.studyInstanceUid, feedback);
    assert.deepEqual((await triage.study(series.studyInstanceUid))?.feedback, [stored]);
    assert.partialDeepStrictEqual(stored, feedback);
    const unknown = { ...feedback, findingId: "other" };
    await assert.rejects(triage.addFeedback(series.studyInstanceUid, unknown), { code: "not-found" });
    await assert.rejects(triage.addFeedback("1.2.3", feedback), { code: "not-found" });
  });

  test("that no PACS holds fails visibly when it is announced", async () => {
    await triage.announce("1.2.3.4.5");
    const study = await untilState(triage, "1.2.3.4.5", "failed");
    assert.equal(study.error?.code, "study-not-in-pacs");
    assert.equal(study.flag, "not-analysed");
  });
});

test("a study is found by QIDO alone, once its number of images stays the same", async (t) => {
  const scene = await TriageScene.prepare(pglite!);
  t.after(() => scene.close());
  const { orthanc } = scene;
  const triage = await scene.start({ engine, pacs: orthanc.config({ orthanc: undefined }) });
  const series = headStudy("qido only");
  const files = filesOf(series);
  await orthanc.send(files.slice(0, 10));
  const waiting = await untilState(triage, series.studyInstanceUid, "waiting");
  assert.equal(waiting.patient.patientName, "qido only^Test");
  await orthanc.send(files.slice(10));
  const study = await until(
    triage,
    series.studyInstanceUid,
    ({ state, slices }) => state === "reported" && slices.length === 30,
  );
  assert.equal((await orthanc.reports(series.studyInstanceUid)).length, study.history.length + 1);
});

describe("an SR that the PACS does not take", () => {
  let scene: TriageScene;
  let orthanc: TestPacs;
  let triage: Triage;
  let proxy: PacsProxy;
  before(async () => {
    scene = await TriageScene.prepare(pglite!);
    orthanc = scene.orthanc;
    proxy = await PacsProxy.start(orthanc.url);
    const pacs = orthanc.config({ dicomweb: `${proxy.url}/dicom-web` });
    triage = await scene.start({ engine, pacs, settings: { maxAttempts: 4 } });
  });
  after(async () => {
    await scene.close();
    proxy.stop();
  });

  test("now is stored later, without scoring again", async () => {
    proxy.refuseStoresWith = 503;
    const series = headStudy("busy");
    const uid = series.studyInstanceUid;
    await orthanc.send(filesOf(series));
    const scored = await until(triage, uid, (study) => (study.deliveries[0]?.attempts ?? 0) >= 2);
    assert.equal(scored.state, "scored");
    assert.deepEqual([scored.deliveries[0]?.state, scored.deliveries[0]?.error?.code], ["pending", "pacs-busy"]);
    proxy.refuseStoresWith = null;
    const study = await untilState(triage, uid, "reported");
    assert.deepEqual([study.deliveries[0]?.state, study.deliveries[0]?.error], ["delivered", null]);
    assert.equal(timesScored(uid), 1);
  });

  test("but whose answer is lost is looked for and found", async () => {
    proxy.loseStoreAnswers = true;
    const storesBefore = proxy.stores;
    const series = headStudy("lost answer");
    const uid = series.studyInstanceUid;
    await orthanc.send(filesOf(series));
    const study = await untilState(triage, uid, "reported");
    proxy.loseStoreAnswers = false;
    assert.equal(study.deliveries[0]?.attempts, 2);
    assert.equal(proxy.stores, storesBefore + 1);
    assert.equal((await orthanc.reports(uid)).length, 1);
  });

  for (const [status, code] of [
    [400, "pacs-refused"],
    [503, "pacs-busy"],
  ] as const) {
    test(`for good (${status}) leaves the study scored, with a failed delivery`, async () => {
      proxy.refuseStoresWith = status;
      const series = headStudy(`refused ${status}`);
      const uid = series.studyInstanceUid;
      await orthanc.send(filesOf(series));
      const study = await until(triage, uid, ({ deliveries }) => deliveries[0]?.state === "failed");
      proxy.refuseStoresWith = null;
      assert.equal(study.state, "scored");
      assert.deepEqual(study.deliveries[0]?.error?.code, code);
      assert.equal(study.deliveries[0]?.attempts, status === 400 ? 1 : 4);
    });
  }
});

test("an outage of the PACS that outlasts all attempts fails a study visibly, but not for good", async (t) => {
  const scene = await TriageScene.prepare(pglite!);
  t.after(() => scene.close());
  const { orthanc } = scene;
  const triage = await scene.start({ engine, pacs: orthanc.config(), settings: { maxAttempts: 2 } });
  const series = headStudy("outage");
  const uid = series.studyInstanceUid;
  engine.pauseMs = 500;
  await orthanc.send(filesOf(series));
  await untilState(triage, uid, "scoring");
  await orthanc.stop("SIGKILL");
  engine.pauseMs = 0;
  const failed = await untilState(triage, uid, "failed");
  assert.equal(failed.error?.code, "pacs-unreachable");
  assert.equal(failed.flag, "not-analysed");
  await orthanc.start();
  const study = await untilState(triage, uid, "reported");
  assert.equal(study.error, null);
  assert.equal((await orthanc.reports(uid)).length, 1);
});

test("several workers on one PostgreSQL share the studies: each is scored once and reported once", async (t) => {
  const scene = await TriageScene.prepare(postgres!);
  t.after(() => scene.close());
  const pacs = scene.orthanc.config();
  const api = await scene.start({ pacs });
  for (let worker = 0; worker < 2; worker++) await scene.start({ engine, pacs, subscribe: false });
  const studies = ["one", "two", "three"].map((key) => headStudy(`shared ${key}`));
  for (const series of studies) await scene.orthanc.send(filesOf(series));
  for (const { studyInstanceUid } of studies) {
    await untilState(api, studyInstanceUid, "reported");
    assert.equal(timesScored(studyInstanceUid), 1);
    assert.equal((await scene.orthanc.reports(studyInstanceUid)).length, 1);
  }
});

test("stopping in the middle of scoring leaves the study to be taken up by the next start", async (t) => {
  const scene = await TriageScene.prepare(pglite!);
  t.after(() => scene.close());
  const pacs = scene.orthanc.config();
  const series = headStudy("stopped");
  const uid = series.studyInstanceUid;
  engine.pauseMs = 60_000;
  const stopped = await scene.start({ engine, pacs });
  await scene.orthanc.send(filesOf(series));
  await untilState(stopped, uid, "scoring");
  await stopped.stop();
  await stopped.stop();
  engine.pauseMs = 0;
  const next = await scene.start({ engine, pacs });
  const study = await untilState(next, uid, "reported");
  assert.ok(!study.events.some(({ type }) => type === "retry"));
  assert.equal((await scene.orthanc.reports(uid)).length, 1);
});

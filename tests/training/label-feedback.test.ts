import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import request from "supertest";
import { startVigil } from "../../src/app.ts";
import { feedbackRecords } from "../../src/cli/dataset/feedback-api.ts";
import { type Config, configSchema } from "../../src/config.ts";
import type { Feedback, FeedbackRecord } from "../../src/contract/feedback.ts";
import { createLogger } from "../../src/log.ts";
import { openDatabase } from "../../src/store/database.ts";
import { Dataset } from "../../src/training/dataset/dataset.ts";
import { DatasetImages } from "../../src/training/import/dataset-images.ts";
import { labelsOfFeedback } from "../../src/training/import/feedback-labels.ts";
import { addLabels } from "../../src/training/import/new-labels.ts";
import { UNCHANGED } from "../../src/training/import/original-names.ts";
import { datasetCommand, datasetJson, labelsIn } from "../support/imported.ts";
import { madeDataset } from "../support/made-dataset.ts";
import { saveScored } from "../support/store.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const ANSWER: FeedbackRecord = {
  ...{ id: "1", studyInstanceUid: "1.1", patientId: "A", seriesInstanceUid: null, sopInstanceUid: null },
  ...{ label: "subdural", decision: "accept", present: true, reader: "anna", at: "2026-01-02T10:00:00.000Z" },
  ...{ withdrawnAt: null, comment: null, flag: "critical", probability: 0.9, model: null, contentHash: null },
};

async function* answers(...changes: Partial<FeedbackRecord>[]): AsyncGenerator<FeedbackRecord> {
  for (const change of changes) yield { ...ANSWER, ...change };
}

async function oneStudy(): Promise<string> {
  const dir = path.join(temporaryFolder(), "set");
  await madeDataset(dir, [{ patient: "A", study: "1.1", images: ["1.1.1", "1.1.2"] }]);
  return dir;
}

async function labelled(dir: string, ...changes: Partial<FeedbackRecord>[]) {
  const dataset = await Dataset.open(dir);
  const found = await labelsOfFeedback(answers(...changes), await DatasetImages.of(dataset), UNCHANGED);
  return { ...found, ...(await addLabels(dataset, found)) };
}

const said = async (dir: string) =>
  (await labelsIn(dir)).map(({ sop, labels, source, reader }) => {
    const values = Object.entries(labels).filter(([, value]) => value !== null);
    return [sop, source, reader, Object.fromEntries(values)];
  });

test("an answer about a study labels it, one about an image both; a kind that is there is a haemorrhage", async () => {
  const dir = await oneStudy();
  await labelled(
    dir,
    {},
    { id: "2", label: "epidural", decision: "add", sopInstanceUid: "1.1.2", reader: null },
    { id: "3", label: "epidural", decision: "reject", present: false, reader: "ben" },
  );
  assert.deepEqual(await said(dir), [
    [null, "feedback:1", "anna", { subdural: 1, any: 1 }],
    ["1.1.2", "feedback:2", "", { epidural: 1, any: 1 }],
    [null, "feedback:2", "", { epidural: 1, any: 1 }],
    [null, "feedback:3", "ben", { epidural: 0 }],
  ]);
  const { conflicts } = await (await Dataset.open(dir)).labels();
  assert.deepEqual(
    conflicts.map(({ label }) => label),
    ["epidural"],
  );
});

test("a study that a reader calls negative has none of the kinds", async () => {
  const dir = await oneStudy();
  await labelled(dir, { label: "any", decision: "reject", present: false });
  const labels = await (await Dataset.open(dir)).labels();
  assert.deepEqual([labels.get("1.1", null, "any"), labels.get("1.1", null, "subdural")], [0, 0]);
});

test("an answer that is withdrawn later disappears, and the others stay as they are", async () => {
  const dir = await oneStudy();
  await labelled(dir, {}, { id: "2", label: "epidural" });
  const later = await labelled(dir, { withdrawnAt: "2026-01-03T10:00:00.000Z" }, { id: "2", label: "epidural" });
  assert.deepEqual([later.removed, later.known, later.added, later.withdrawn], [1, 1, 0, 1]);
  assert.deepEqual(await said(dir), [[null, "feedback:2", "anna", { epidural: 1, any: 1 }]]);
});

test("only answers about studies of the data set count; an image that it lacks still speaks of its study", async () => {
  const dir = await oneStudy();
  const found = await labelled(dir, { studyInstanceUid: "1.9" }, { id: "2", sopInstanceUid: "1.1.7" });
  assert.deepEqual([found.otherStudies, found.otherImages], [1, 1]);
  assert.deepEqual(await said(dir), [[null, "feedback:2", "anna", { subdural: 1, any: 1 }]]);
});

test("what readers answered in the viewer comes from a running service, page by page, and corrections with it", async () => {
  const folder = temporaryFolder();
  const config = configSchema.parse({ server: { port: 0 }, data: { dir: path.join(folder, "service") } });
  const studies = await scoredStudies(config, ["a", "b"]);
  const dir = path.join(folder, "set");
  await madeDataset(
    dir,
    studies.map((study, i) => ({ patient: `P${i}`, study, images: [`${study}.1`] })),
  );
  const vigil = await startVigil({ config, role: "api", logger: createLogger("silent") });
  try {
    const answer = (study: string, body: Feedback) =>
      request(vigil.url).post(`/api/studies/${study}/feedback`).send(body).expect(201);
    const [a, b] = studies as [string, string];
    await answer(a, { decision: "add", label: "subdural", reader: "anna" });
    await answer(b, { decision: "reject", label: "any", reader: "ben" });
    const label = () =>
      datasetJson<{ added: number; removed: number }>("label", dir, "--from-feedback", "--api", vigil.url);
    assert.equal((await label()).added, 2);
    assert.equal((await label()).added, 0);
    await answer(a, { decision: "reject", label: "subdural", reader: "anna" });
    const corrected = await label();
    assert.deepEqual([corrected.added, corrected.removed], [1, 1]);
    const ids: string[] = [];
    for await (const { id } of feedbackRecords(vigil.url, 1)) ids.push(id);
    assert.deepEqual([ids.length, new Set(ids).size], [3, 3]);
    const labels = await (await Dataset.open(dir)).labels();
    assert.deepEqual([labels.get(a, null, "subdural"), labels.get(b, null, "any")], [0, 0]);
    assert.deepEqual(labels.conflicts, []);
  } finally {
    await vigil.stop();
  }
});

/** Studies that a service with these settings has scored. */
async function scoredStudies(config: Config, keys: string[]): Promise<string[]> {
  const database = await openDatabase(config);
  const studies: string[] = [];
  for (const key of keys) studies.push((await saveScored(database.db, { key })).uid);
  await database.close();
  return studies;
}

test("a service that does not answer is told with its address, and nothing is written", async () => {
  const dir = await oneStudy();
  const { code, stderr } = await datasetCommand("label", dir, "--from-feedback", "--api", "http://127.0.0.1:9");
  assert.equal(code, 1);
  assert.match(stderr, /http:\/\/127\.0\.0\.1:9\/api\/feedback.* cannot be reached: is `vigil serve` running there\?/);
  assert.deepEqual(await labelsIn(dir), []);
});

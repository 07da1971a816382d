import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, describe, test } from "node:test";
import { backoffMs } from "../../src/backoff.ts";
import { configSchema } from "../../src/config.ts";
import type { StudyNews } from "../../src/contract/study-news.ts";
import { type Cursor, OrthancChanges } from "../../src/dicomweb/orthanc-changes.ts";
import { qidoPoll } from "../../src/dicomweb/qido-poll.ts";
import { Subscription } from "../../src/dicomweb/subscription.ts";
import { VigilError } from "../../src/errors.ts";
import { TestPacs } from "../support/pacs.ts";
import { chestStudy, filesOf } from "../support/studies.ts";
import { waitUntil } from "../support/wait.ts";

const { signal } = new AbortController();
let announced: [string, StudyNews][];
beforeEach(() => {
  announced = [];
});
const announce = async (uid: string, news: StudyNews) => void announced.push([uid, news]);

/** Polls until the announcements are as expected. */
async function pollUntil(poll: (signal: AbortSignal) => Promise<void>, isSo: () => boolean): Promise<void> {
  const look = async () => {
    await poll(signal);
    return isSo();
  };
  await waitUntil("the announcements", look, { timeoutMs: 15_000, intervalMs: 100, seen: () => announced });
}

describe("Orthanc's change feed", () => {
  let orthanc: TestPacs;
  let saved: string | undefined;
  const cursor: Cursor = {
    load: async () => saved,
    save: async (position) => {
      saved = position;
    },
  };
  const follow = () => {
    const changes = new OrthancChanges({ ...orthanc.config(), orthanc: orthanc.url }, cursor, announce);
    return (stop: AbortSignal) => changes.poll(stop);
  };
  const first = chestStudy("first");
  const second = chestStudy("second");
  const isStable = (uid: string) => () => announced.some(([one, { stable }]) => one === uid && stable);

  before(async () => {
    orthanc = await TestPacs.start();
  });
  after(() => orthanc.close());

  test("announces a study when it is new and again when it is stable, each once", async () => {
    const poll = follow();
    await orthanc.send(filesOf(first));
    await pollUntil(poll, isStable(first.studyInstanceUid));
    await poll(signal);
    const uid = first.studyInstanceUid;
    assert.deepEqual(announced, [
      [uid, { stable: false }],
      [uid, { stable: true }],
    ]);
  });

  test("is taken up where it was left by an earlier process", async () => {
    await orthanc.send(filesOf(second).slice(0, 2));
    await pollUntil(follow(), isStable(second.studyInstanceUid));
    assert.deepEqual(new Set(announced.map(([uid]) => uid)), new Set([second.studyInstanceUid]));
  });

  test("goes on when the study of the last change has been deleted", async () => {
    for (const id of (await (await fetch(`${orthanc.url}/studies`)).json()) as string[]) {
      await fetch(`${orthanc.url}/studies/${id}`, { method: "DELETE" });
    }
    await follow()(signal);
    assert.deepEqual(announced, []);
    await orthanc.send(filesOf(second).slice(0, 2));
    await pollUntil(follow(), isStable(second.studyInstanceUid));
  });

  test("is read from its beginning when Orthanc has been emptied, even if the new one is longer", async () => {
    await orthanc.stop();
    orthanc.wipe();
    await orthanc.start();
    const lengthBefore = JSON.parse(saved!).seq;
    await orthanc.send(filesOf(first));
    await orthanc.send(filesOf(second));
    const { Last: length } = (await (await fetch(`${orthanc.url}/changes?last`)).json()) as { Last: number };
    assert.ok(length > lengthBefore, `${length} > ${lengthBefore}`);
    await pollUntil(follow(), isStable(second.studyInstanceUid));
    assert.ok(announced.some(([uid]) => uid === first.studyInstanceUid));
  });

  test("leaves out what is long past when it is read for the first time", async () => {
    const change = (Seq: number, day: Date) => ({
      Seq,
      ChangeType: "StableStudy",
      ResourceType: "Study",
      ID: `study-${Seq}`,
      Date: `${day.toISOString().slice(0, 10).replaceAll("-", "")}T101112`,
    });
    const changes = [change(1, new Date(2020, 0, 1)), change(2, new Date())];
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? "", "http://localhost");
      const since = Number(url.searchParams.get("since"));
      const body = url.pathname.startsWith("/studies/")
        ? { MainDicomTags: { StudyInstanceUID: `1.2.${url.pathname.at(-1)}` } }
        : { Changes: changes.filter(({ Seq }) => Seq > since), Last: 2 };
      response.end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const config = configSchema.parse({ pacs: [{ dicomweb: url }] }).pacs[0]!;
    const positions: string[] = [];
    const empty: Cursor = { load: async () => undefined, save: async (position) => void positions.push(position) };
    await new OrthancChanges({ ...config, orthanc: url }, empty, announce).poll(signal);
    server.close();
    assert.deepEqual(announced, [["1.2.2", { stable: true }]]);
    assert.equal(JSON.parse(positions.at(-1)!).seq, 2);
  });

  test("is a clear error where there is no Orthanc", async () => {
    const config = { ...orthanc.config(), orthanc: `${orthanc.url}/dicom-web` };
    await assert.rejects(new OrthancChanges(config, cursor, announce).poll(signal), {
      code: "pacs-refused",
      message: /REST root/,
    });
  });
});

describe("polling over QIDO-RS", () => {
  test("announces CT studies when they are seen first and when they have grown", async () => {
    const orthanc = await TestPacs.start();
    try {
      const poll = qidoPoll(orthanc.client(), announce);
      const ct = chestStudy("growing");
      const mr = chestStudy("magnetic", { Modality: "MR", SOPClassUID: "1.2.840.10008.5.1.4.1.1.4" });
      await orthanc.send([...filesOf(ct).slice(0, 2), ...filesOf(mr).slice(0, 2)]);
      await poll(signal);
      await poll(signal);
      await orthanc.send(filesOf(ct).slice(2, 5));
      await poll(signal);
      const uid = ct.studyInstanceUid;
      assert.deepEqual(announced, [
        [uid, { instances: 2, stable: false }],
        [uid, { instances: 5, stable: false }],
      ]);
    } finally {
      await orthanc.close();
    }
  });
});

describe("a subscription", () => {
  test("goes on by itself after failures and tells of each change between up and down once", async () => {
    const outcomes = [true, true, false, false, true, false, true];
    const told: string[] = [];
    const done = Promise.withResolvers<void>();
    const subscription = new Subscription({
      intervalMs: 1,
      poll: async () => {
        const works = outcomes.shift();
        if (outcomes.length === 0) done.resolve();
        if (!works) throw new VigilError("pacs-unreachable", "down");
      },
      onUp: () => told.push("up"),
      onDown: (error) => told.push(error.code),
    });
    subscription.start();
    subscription.start();
    await done.promise;
    await subscription.stop();
    assert.deepEqual(told, ["up", "pacs-unreachable", "up", "pacs-unreachable", "up"]);
  });

  test("ends at once when it is stopped in a pause or in the middle of a poll", async () => {
    let begun = 0;
    const hanging = new Subscription({
      intervalMs: 3_600_000,
      poll: (stop) => {
        begun += 1;
        return new Promise((_, reject) => stop.addEventListener("abort", () => reject(stop.reason)));
      },
      onUp: () => assert.fail("it never got an answer"),
      onDown: () => assert.fail("being stopped is no failure"),
    });
    hanging.start();
    await hanging.stop();
    assert.equal(begun, 1);
  });

  test("pauses longer after each failure, up to a limit, and never twice the same", () => {
    const options = { firstMs: 1000, maxMs: 30_000 };
    for (const [attempt, fullMs] of [
      [1, 1000],
      [2, 2000],
      [3, 4000],
      [10, 30_000],
      [1000, 30_000],
    ] as const) {
      const pauses = Array.from({ length: 50 }, () => backoffMs(attempt, options));
      assert.ok(pauses.every((pause) => pause >= fullMs / 2 && pause <= fullMs));
      assert.ok(new Set(pauses).size > 1);
    }
  });
});

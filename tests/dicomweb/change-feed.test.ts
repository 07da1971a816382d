import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { describe, test } from "node:test";
import { type Cursor, OrthancChanges } from "../../src/dicomweb/orthanc-changes.ts";
import { address, configAt, hasCode, withServer } from "../support/lying-server.ts";

const { signal } = new AbortController();

/** What `/studies/ID` answers; a string is its Study Instance UID. */
type Answer = string | ((response: ServerResponse) => unknown);

/** Follows a feed with one stable study after the other. */
async function follow(
  answers: Answer[],
  act: (scene: Scene) => Promise<void>,
  changes: object[] = answers.map((_, i) => change(i + 1, `study-${i}`)),
) {
  const scene: Scene = { announced: [], setAside: [], positions: [], poll: async () => {} };
  await withServer(
    (request, response) => {
      const { pathname, searchParams } = address(request);
      if (pathname === "/changes") {
        const since = Number(searchParams.get("since"));
        const page = changes.filter((one) => !("Seq" in one) || Number(one.Seq) > since);
        response.end(JSON.stringify({ Changes: page.slice(0, 3), Last: Math.min(since + 3, changes.length) }));
        return;
      }
      const answer = answers[Number(pathname.split("-")[1])]!;
      if (typeof answer !== "string") answer(response);
      else response.end(JSON.stringify({ MainDicomTags: { StudyInstanceUID: answer } }));
    },
    (url) => {
      const cursor: Cursor = {
        load: async () => scene.positions.at(-1),
        save: async (position) => void scene.positions.push(position),
      };
      const start = () => {
        const announce = async (uid: string) => void scene.announced.push(uid);
        const say = (message: string) => void scene.setAside.push(message);
        return new OrthancChanges({ ...configAt(url), orthanc: url }, cursor, announce, say);
      };
      const feed = start();
      scene.poll = () => feed.poll(signal);
      return act(scene);
    },
  );
}

interface Scene {
  announced: string[];
  setAside: string[];
  positions: string[];
  poll: () => Promise<void>;
}

const change = (Seq: number, ID: string, more = {}) => ({
  Seq,
  ChangeType: "StableStudy",
  ResourceType: "Study",
  ID,
  Date: "",
  ...more,
});

/** Polls until it works, as a subscription does; returns how often it did not. */
async function pollThrough({ poll }: Scene, code: string): Promise<number> {
  for (let failures = 0; failures < 20; failures++) {
    try {
      await poll();
      return failures;
    } catch (error) {
      assert.ok(hasCode(code)(error), String(error));
    }
  }
  throw new Error("the feed is blocked");
}

describe("Orthanc's change feed", () => {
  test("takes UIDs of the field, without their padding", async () => {
    await follow(["ID_7436cf1007", "1.2.3 ", "1.2.4\0", "1.02.3-a"], async (scene) => {
      await scene.poll();
      assert.deepEqual(scene.announced, ["ID_7436cf1007", "1.2.3", "1.2.4", "1.02.3-a"]);
      assert.deepEqual(scene.setAside, []);
    });
  });

  test("goes on behind a study that cannot be asked for, and says so without its text", async () => {
    const unusable = ["", "1".repeat(65), "Doe/John", "Doe John", "..", "*"];
    await follow(["1.2.1", ...unusable, "1.2.2"], async (scene) => {
      await scene.poll();
      await scene.poll();
      assert.deepEqual(scene.announced, ["1.2.1", "1.2.2"]);
      assert.equal(scene.setAside.length, unusable.length);
      assert.match(scene.setAside[2]!, /study-3 /);
      assert.doesNotMatch(scene.setAside.join(), /Doe/);
    });
  });

  for (const [what, answer, code] of [
    ["with 500", (response) => response.writeHead(500).end(), "pacs-busy"],
    ["with a web page", (response) => response.end("<html>"), "pacs-answer-invalid"],
    ["without a UID", (response) => response.end('{"MainDicomTags":{}}'), "pacs-answer-invalid"],
    ["by a redirect", (response) => response.writeHead(302, { location: "/" }).end(), "pacs-refused"],
    ["never", () => {}, "pacs-timeout"],
  ] as [string, (response: ServerResponse) => unknown, string][]) {
    test(`goes on behind a study that is answered ${what}, after some more polls`, async () => {
      await follow(["1.2.1", answer, "1.2.2"], async (scene) => {
        assert.equal(await pollThrough(scene, code), 4);
        assert.deepEqual(scene.announced, ["1.2.1", "1.2.2"]);
        assert.equal(scene.setAside.length, 1);
        assert.match(scene.setAside[0]!, /study-1 could not be read 5 times/);
      });
    });
  }

  test("leaves no study out that can be read again in time, and announces none twice", async () => {
    let asked = 0;
    const sometimes = (response: ServerResponse) => {
      asked += 1;
      if (asked < 4) response.writeHead(500).end();
      else response.end('{"MainDicomTags":{"StudyInstanceUID":"1.2.9"}}');
    };
    await follow(["1.2.1", sometimes, "1.2.2"], async (scene) => {
      await pollThrough(scene, "pacs-busy");
      assert.deepEqual(scene.announced, ["1.2.1", "1.2.9", "1.2.2"]);
      assert.deepEqual(scene.setAside, []);
    });
  });

  test("leaves no study out because Orthanc is down", async () => {
    let down = true;
    const answer = (response: ServerResponse) => {
      if (down) response.destroy();
      else response.end('{"MainDicomTags":{"StudyInstanceUID":"1.2.9"}}');
    };
    await follow([answer], async (scene) => {
      for (let i = 0; i < 10; i++) await assert.rejects(scene.poll(), hasCode("pacs-unreachable"));
      down = false;
      await scene.poll();
      assert.deepEqual(scene.announced, ["1.2.9"]);
    });
  });

  test("goes on behind changes that are not what Orthanc writes", async () => {
    const changes = [
      change(1, "study-0"),
      change(2, "../../system"),
      change(3, "study-1", { Date: 5, ChangeType: null }),
      change(4, "study-1", { ID: 7 }),
      change(5, "study-1"),
    ];
    await follow(
      ["1.2.1", "1.2.2"],
      async (scene) => {
        await scene.poll();
        assert.deepEqual(scene.announced, ["1.2.1", "1.2.2"]);
        assert.deepEqual(scene.setAside, ["change 2 names no study", "change 4 names no study"]);
      },
      changes,
    );
  });
});

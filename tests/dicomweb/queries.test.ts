import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { StudyNews } from "../../src/contract/study-news.ts";
import { qidoPoll } from "../../src/dicomweb/qido-poll.ts";
import { address, pacsAt, uids, withServer } from "../support/lying-server.ts";

const { signal } = new AbortController();
const studies = (count: number) => Array.from({ length: count }, (_, i) => uids({ "0020000D": `1.2.${i + 1}` }));

/** Searches a server that answers each page as it likes. */
async function search(answer: (page: { offset: number; limit: number }) => unknown[]) {
  const said: string[] = [];
  let requests = 0;
  let found: string[] = [];
  await withServer(
    (request, response) => {
      requests += 1;
      const query = address(request).searchParams;
      response.end(JSON.stringify(answer({ offset: Number(query.get("offset")), limit: Number(query.get("limit")) })));
    },
    async (url) => {
      const summaries = await pacsAt(url).searchStudies({ modality: "CT" }, signal, (message) => said.push(message));
      found = summaries.map(({ attributes }) => attributes.studyInstanceUid);
    },
  );
  return { found, said, requests };
}

describe("a search for studies", () => {
  test("finds all of 450, one unusable among them", async () => {
    const all = studies(450);
    all[17] = uids({ "0020000D": "a/b" });
    const { found, said } = await search(({ offset, limit }) => all.slice(offset, offset + limit));
    assert.equal(found.length, 449);
    assert.equal(said.length, 1);
    assert.match(said[0]!, /Study Instance UID cannot be used/);
  });

  test("goes on when the server has smaller pages than asked for", async () => {
    const all = studies(450);
    const { found, said } = await search(({ offset }) => all.slice(offset, offset + 100));
    assert.equal(found.length, 450);
    assert.deepEqual(said, []);
  });

  test("finds all where nothing is answered behind the first page, as Orthanc does with a modality", async () => {
    for (const count of [200, 450, 1000]) {
      const { found, said } = await search(({ offset, limit }) => (offset > 0 ? [] : studies(count).slice(0, limit)));
      assert.equal(found.length, count);
      assert.deepEqual(said, []);
    }
  });

  test("ends, and says so, when the server does not page", async () => {
    const { found, said, requests } = await search(() => studies(450).slice(0, 300));
    assert.equal(found.length, 300);
    assert.equal(requests, 2);
    assert.match(said.join(), /does not page/);
  });

  test("ends, and says so, when the server refuses to page", async () => {
    for (const status of [400, 404]) {
      const said: string[] = [];
      await withServer(
        (request, response) => {
          if (address(request).searchParams.has("offset")) response.writeHead(status).end();
          else response.end(JSON.stringify(studies(2)));
        },
        async (url) => {
          const found = await pacsAt(url).searchStudies({}, signal, (message) => said.push(message));
          assert.equal(found.length, 2);
        },
      );
      assert.match(said.join(), /does not page/);
    }
  });

  test("finds a study beside matches that are not DICOM JSON, and with an attribute that is not", async () => {
    const odd = [null, "x", [], { "0020000D": 5 }, { ...uids({ "0020000D": "1.2.3" }), "00080061": null }];
    const { found, said } = await search(({ offset }) => odd.slice(offset));
    assert.deepEqual(found, ["1.2.3"]);
    assert.match(said.join(), /cannot be used/);
  });

  test("loses nothing when studies arrive while it goes on", async () => {
    const all = studies(450);
    const { found } = await search(({ offset, limit }) => {
      const page = all.slice(offset, offset + limit);
      all.unshift(uids({ "0020000D": `1.3.${offset}` }));
      return page;
    });
    for (let i = 1; i <= 450; i++) assert.ok(found.includes(`1.2.${i}`), `1.2.${i}`);
    assert.equal(new Set(found).size, found.length);
  });

  test("ends when the server never does", async () => {
    const { found, said } = await search(({ offset }) => [uids({ "0020000D": `1.2.${offset}` })]);
    assert.equal(found.length, 500);
    assert.match(said.join(), /more than 500 pages/);
  });

  test("finds studies with UIDs that are none by the standard", async () => {
    const { found } = await search(({ offset }) => [uids({ "0020000D": "ID_7436cf1007" })].slice(offset));
    assert.deepEqual(found, ["ID_7436cf1007"]);
  });
});

describe("polling over QIDO-RS", () => {
  test("says once what it cannot look at, and announces the others", async () => {
    const announced: [string, StudyNews][] = [];
    const said: string[] = [];
    await withServer(
      (_, response) => response.end(JSON.stringify([uids({ "0020000D": "" }), uids({ "0020000D": "1.2.3" })])),
      async (url) => {
        const announce = async (uid: string, news: StudyNews) => void announced.push([uid, news]);
        const poll = qidoPoll(pacsAt(url), announce, (message) => said.push(message));
        for (let i = 0; i < 3; i++) await poll(signal);
      },
    );
    assert.deepEqual(announced, [["1.2.3", { stable: false }]]);
    assert.equal(said.length, 2);
  });
});

test("a study or an instance is known by its UID where the server matches nothing", async () => {
  const some = [1, 2, 3].map((n) => uids({ "0020000D": `1.2.${n}`, "00080018": `1.4.${n}` }));
  await withServer(
    (request, response) => {
      response.end(JSON.stringify(some.slice(Number(address(request).searchParams.get("offset")))));
    },
    async (url) => {
      const pacs = pacsAt(url);
      assert.equal((await pacs.findStudy("1.2.2"))?.attributes.studyInstanceUid, "1.2.2");
      assert.equal(await pacs.findStudy("1.2.9"), undefined);
      assert.equal(await pacs.hasInstance("1.2.2", "1.4.3"), true);
      assert.equal(await pacs.hasInstance("1.2.2", "1.4.9"), false);
    },
  );
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { OrthancChanges } from "../../src/dicomweb/orthanc-changes.ts";
import type { Pacs } from "../../src/dicomweb/pacs.ts";
import { VigilError } from "../../src/errors.ts";
import { pacsHeaders, withoutCredentials } from "../../src/pacs-credentials.ts";
import { freePort } from "../../src/setup/ports.ts";
import { configAt, hasCode, pacsAt, withServer } from "../support/lying-server.ts";
import { chestStudy, filesOf } from "../support/studies.ts";

const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString("base64")}`;
const { signal } = new AbortController();

function changesOf({ config: { orthanc, ...config } }: Pacs): OrthancChanges {
  assert.ok(orthanc);
  const cursor = { load: async () => undefined, save: async () => {} };
  return new OrthancChanges({ ...config, orthanc }, cursor, async () => {});
}

describe("a redirect", () => {
  for (const status of [301, 302, 303, 307, 308]) {
    test(`by ${status} takes neither what we store nor our credentials to another host`, async () => {
      let arrived = 0;
      await withServer(
        (_, response) => {
          arrived += 1;
          response.end("[]");
        },
        (elsewhere) =>
          withServer(
            (_, response) =>
              response.writeHead(status, { location: `${elsewhere.replace("//", "//user:pw@")}/studies?a=b` }).end(),
            async (url) => {
              const pacs = pacsAt(url, { headers: { "x-api-key": "secret" } });
              const refused = (error: unknown) =>
                hasCode("pacs-refused")(error) &&
                String(error).includes(new URL(elsewhere).host) &&
                !/user|pw@|a=b/.test(String(error));
              await assert.rejects(pacs.store([filesOf(chestStudy("redirected"))[0]!]), refused);
              await assert.rejects(pacs.ping(), refused);
            },
          ),
      );
      assert.equal(arrived, 0);
    });
  }
});

describe("an answer", () => {
  test("larger than the limit is not read to its end", async () => {
    await withServer(
      (_, response) => {
        const more = () => {
          while (response.write(Buffer.alloc(65_536, " ")));
        };
        response.on("drain", more);
        more();
      },
      (url) => assert.rejects(pacsAt(url, { maxAnswerMiB: 1 }).ping(), hasCode("pacs-answer-too-large")),
    );
  });

  test("that announces more than the limit is not read at all", async () => {
    const closed = Promise.withResolvers<void>();
    await withServer(
      (_, response) => {
        response.writeHead(200, { "content-length": 2 ** 30 }).write("[");
        response.on("close", closed.resolve);
      },
      async (url) => {
        await assert.rejects(pacsAt(url, { maxAnswerMiB: 1 }).ping(), hasCode("pacs-answer-too-large"));
        await closed.promise;
      },
    );
  });

  test("that trickles is given up when its time is over", async (t) => {
    let elapsedMs = 0;
    const now = performance.now.bind(performance);
    t.mock.method(performance, "now", () => now() + elapsedMs);
    const started = process.hrtime.bigint();
    await withServer(
      (_, response) => {
        response.write("[");
        const timer = setInterval(() => {
          elapsedMs += 10_000;
          response.write(" ");
        }, 20);
        response.on("close", () => clearInterval(timer));
      },
      (url) => assert.rejects(pacsAt(url).ping(), hasCode("pacs-timeout")),
    );
    assert.ok(process.hrtime.bigint() - started < 5_000_000_000n);
  });
});

describe("credentials in an address", () => {
  const secret = "http://vigil:p%40ss%3Aw%25rd@127.0.0.1";

  test("are sent as username and password would be, decoded", async () => {
    const seen: (string | undefined)[] = [];
    await withServer(
      (request, response) => {
        seen.push(request.headers.authorization);
        response.end(request.url?.startsWith("/changes") ? '{"Changes":[],"Last":0}' : "[]");
      },
      async (url) => {
        const pacs = pacsAt(url.replace("http://127.0.0.1", secret), { orthanc: url });
        await pacs.ping();
        await changesOf(pacs).poll(signal);
      },
    );
    assert.deepEqual(seen, [basic("vigil:p@ss:w%rd"), basic("vigil:p@ss:w%rd")]);
  });

  test("take the place of those beside it; an Authorization among the headers wins", () => {
    const authorization = (address: string, settings: Record<string, unknown> = {}) =>
      pacsHeaders(configAt(address, settings)).authorization;
    assert.equal(authorization("http://a:b@pacs/dicom-web"), basic("a:b"));
    assert.equal(authorization("http://a:b@pacs", { username: "c", password: "d" }), basic("a:b"));
    assert.equal(authorization("http://pacs", { username: "c", password: "d" }), basic("c:d"));
    assert.equal(authorization("http://pacs", { orthanc: "http://e:f@pacs:8042" }), basic("e:f"));
    assert.equal(authorization("http://a:b@pacs", { orthanc: "http://e:f@pacs:8042" }), basic("a:b"));
    assert.equal(authorization("http://a:b@pacs", { headers: { Authorization: "Bearer x" } }), "Bearer x");
    assert.equal(authorization("http://pacs"), undefined);
  });

  test("that are not encoded as they should be stand for themselves", () => {
    assert.equal(pacsHeaders(configAt("http://a:100%@pacs")).authorization, basic("a:100%"));
  });

  test("are in no message", async () => {
    const port = await freePort();
    const messages = async (url: string) => {
      const pacs = pacsAt(url, { orthanc: url });
      const tries = [pacs.ping(), pacs.store([filesOf(chestStudy("secret"))[0]!]), changesOf(pacs).poll(signal)];
      const path = { studyInstanceUid: "1", seriesInstanceUid: "2", sopInstanceUid: "3" };
      const outcomes = await Promise.allSettled([...tries, pacs.retrieveInstance(path)]);
      for (const outcome of outcomes) {
        assert.ok(outcome.status === "rejected" && outcome.reason instanceof VigilError);
        assert.doesNotMatch(`${outcome.reason.message} ${outcome.reason.stack}`, /vigil:|p%40ss|p@ss/);
      }
    };
    await messages(`${secret}:${port}`);
    for (const [status, body] of [
      [404, ""],
      [200, "<html>"],
      [500, ""],
    ] as const) {
      await withServer(
        (_, response) => response.writeHead(status).end(body),
        (url) => messages(url.replace("http://127.0.0.1", secret)),
      );
    }
  });

  test("are taken out of whatever is shown", () => {
    assert.equal(withoutCredentials("http://user:pw@pacs:8042/dicom-web"), "http://pacs:8042/dicom-web");
    assert.equal(withoutCredentials("https://user:p@w@pacs/"), "https://pacs/");
    assert.equal(withoutCredentials("http://pacs/a@b?c=d@e"), "http://pacs/a@b?c=d@e");
  });
});

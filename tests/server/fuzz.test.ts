import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { HOOK_SECRET, TestApi } from "../support/api.ts";
import { getRaw, sendRaw } from "../support/raw-http.ts";

const REQUESTS = 400;
const SEED = 20261124;

/** What PostgreSQL, JSON, URLs and HTTP are known to stumble over. */
const TEXTS = [
  "",
  "\0",
  "a\0b",
  "\ud800",
  "\udc00x",
  "😀",
  "é".repeat(99),
  "%",
  "_%\\",
  "'; drop table studies; --",
  "../..",
  "1e999",
  "-1",
  "0",
  "99999999999999999999999999",
  "NaN",
  "1.2.3",
  "x".repeat(5000),
  "true",
  "priority",
  "any",
  "add",
  "__proto__",
  "\u202e",
  "\r\nx: y",
];
const place = (changes: object) =>
  Buffer.from(
    JSON.stringify({
      sort: "priority",
      rank: 0,
      receivedAt: "2026-01-01T00:00:00.000Z",
      studyInstanceUid: "1.2",
      ...changes,
    }),
  ).toString("base64url");
const CURSORS = [
  place({}),
  place({ rank: 40_000 }),
  place({ rank: 1e300 }),
  place({ rank: -0.5 }),
  place({ receivedAt: "0000-01-01T00:00:00.000Z" }),
  place({ receivedAt: "9999-12-31T23:59:59.999Z" }),
  place({ receivedAt: "2026-01-01T00:00:00.00000000000000000000000000000000000000000000000000000000000Z" }),
  place({ studyInstanceUid: "\0" }),
  place({ sort: "\0" }),
  "bm90IGpzb24",
];
const HEADERS: Record<string, string>[] = [
  {},
  { "content-type": "application/json; charset=utf-7" },
  { "content-type": 'application/json; charset="' },
  { "content-type": "/" },
  { "content-encoding": "gzip" },
  { "content-encoding": "nonsense" },
  { "accept-encoding": "gzip;q=x,,;" },
  { accept: "\xff\xfe" },
  { cookie: "x".repeat(4000) },
  { range: "bytes=9-1" },
  { "if-none-match": "*" },
  { "x-http-method-override": "DELETE" },
  { expect: "nonsense" },
  { "x-vigil-secret": HOOK_SECRET },
];

/** The same numbers each time (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe("Whatever is asked, the API", () => {
  let api: TestApi;
  before(async () => {
    api = await TestApi.start({ hookSecret: HOOK_SECRET });
  });
  after(() => api.stop());

  const refused = async (target: string, method = "GET") => {
    const { status, body } = await getRaw(api.url, target, {}, method);
    assert.equal(status, 400, target);
    assert.equal(JSON.parse(body).code, "request-invalid");
  };

  test("says 400 to what a database cannot take", async () => {
    await refused("/api/worklist?q=%00");
    await refused("/api/worklist?q=a%00b");
    for (const cursor of CURSORS.slice(1)) {
      const { status } = await getRaw(api.url, `/api/worklist?cursor=${cursor}`);
      assert.ok(status === 400 || cursor.includes(place({ receivedAt: "9999-12-31T23:59:59.999Z" })), cursor);
    }
    await refused("/api/studies/%E0%A4%A");
    await refused("/api/studies/1.2%00");
    for (const field of ["comment", "findingId"]) {
      for (const text of ["\0", "\ud800", "x\udfff"]) {
        const body = { decision: "add", label: "any", [field]: text };
        const answer = await api.call("post", "/api/studies/1.2/feedback", { body });
        assert.equal(answer.status, 400, JSON.stringify(body));
        assert.equal(answer.body.errors[0].field, field);
      }
    }
    const deep = `{"comment":${"[".repeat(30_000)}${"]".repeat(30_000)}}`;
    assert.equal((await api.call("post", "/api/studies/1.3/feedback", { body: deep })).status, 400);
  });

  test(`answers ${REQUESTS} odd requests only as its document says`, async () => {
    const next = random(SEED);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!;
    const odd = () => encodeURIComponent(pick(TEXTS).toWellFormed());
    const operations = Object.entries(api.contract.document.paths).flatMap(([path, methods]) =>
      Object.keys(methods)
        .filter((method) => path !== "/api/events" || method !== "get")
        .map((method) => ({ path, method, responses: methods[method]!.responses })),
    );
    const parameters = ["q", "cursor", "limit", "state", "flagged", "sort", "label", "uid", "__proto__", "q[]", "a[b]"];
    const fields = ["decision", "label", "comment", "findingId", "sopInstanceUid", "event", "studyInstanceUid", "x"];
    for (let i = 0; i < REQUESTS; i++) {
      const { path, method, responses } = pick(operations);
      const uid = pick(["1.2.3", `1.2.${i}`, odd(), "%E0%A4%A", "ID_7436cf1007", "%2e%2e"]);
      const value = () => (next() < 0.3 ? pick(CURSORS) : odd());
      const query = Array.from({ length: Math.floor(next() * 4) }, () => `${pick(parameters)}=${value()}`).join("&");
      const target = `${path.replace("{uid}", uid)}?${query}`;
      const content = Object.fromEntries(
        Array.from({ length: Math.floor(next() * 5) }, () => [
          pick(fields),
          pick<unknown>([pick(TEXTS), 1e308, null, [], {}, [[]], true, pick(["add", "any", "1.2.3", "stable-study"])]),
        ]),
      );
      const body = pick([JSON.stringify(content), pick(TEXTS).toWellFormed(), "{", "null", "[]"]);
      const headers = {
        host: "localhost",
        connection: "close",
        ...(method === "post" ? { "content-type": "application/json", "content-length": Buffer.byteLength(body) } : {}),
        "x-vigil-secret": HOOK_SECRET,
        ...pick(HEADERS),
      };
      const head = [`${method.toUpperCase()} ${target} HTTP/1.1`]
        .concat(Object.entries(headers).map(([name, text]) => `${name}: ${text}`))
        .join("\r\n");
      const sent = Buffer.concat([
        Buffer.from(`${head}\r\n\r\n`, "latin1"),
        Buffer.from(method === "post" ? body : ""),
      ]);
      const answer = await sendRaw(api.url, sent.toString("latin1"));
      // What Node's parser refuses (417 for `expect`) never reaches a route; an empty or odd UID is another path.
      const isDocumented = responses[answer.status] !== undefined || answer.status === 417;
      const isElsewhere = answer.status === 404 && JSON.parse(answer.body).code === "not-found";
      assert.ok(
        isDocumented || isElsewhere,
        `${answer.status} to ${method} ${target} ${body} ${JSON.stringify(headers)}`,
      );
      const isUnready = path === "/api/health/ready";
      assert.ok(answer.status < 500 || isUnready, `${answer.status} to ${method} ${target} ${body}`);
    }
    assert.doesNotMatch(api.log, /"code":"internal"/);
  });
});

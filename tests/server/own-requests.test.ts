import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { HOOK_SECRET, TestApi } from "../support/api.ts";
import { LyingPacs } from "../support/lying-pacs.ts";
import { getRaw, sendRaw } from "../support/raw-http.ts";

const PUBLIC_URL = "https://vigil.example";
const RESCORE = "/api/studies/1.2.3/rescore";

describe("A request", () => {
  let pacs: LyingPacs;
  let api: TestApi;
  let port: string;
  before(async () => {
    pacs = await LyingPacs.start();
    const server = { publicUrl: PUBLIC_URL, host: "127.0.0.1" };
    api = await TestApi.start({ pacs: [pacs.config()], hookSecret: HOOK_SECRET, server });
    port = new URL(api.url).port;
  });
  after(async () => {
    await api.stop();
    pacs.close();
  });

  for (const host of [
    "evil.example",
    "evil.example:8077",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "xlocalhost",
    "127.1",
    "2130706433",
    "10.0.0.1",
    "[::2]",
    "localhost@evil.example",
    "localhost/",
    "localhost:8077:80",
    "localhost:99999",
    "vigil.example.evil.example",
    "",
    undefined,
  ]) {
    test(`under the name ${host} is refused everywhere`, async () => {
      for (const target of ["/", "/api/worklist", "/pacs/studies", "/rs/studies", "/vigil/extension.js", "/none"]) {
        // HTTP/1.0 knows requests without a Host.
        const said = host === undefined ? "" : `Host: ${host}\r\n`;
        const { status, body } = await sendRaw(api.url, `GET ${target} HTTP/1.0\r\n${said}\r\n`);
        assert.equal(status, 403, target);
        assert.equal(JSON.parse(body).code, "host-refused");
      }
      assert.deepEqual(pacs.arrived, []);
    });
  }

  for (const host of [
    "localhost",
    "LOCALHOST:1",
    "127.0.0.1:9999",
    "127.8.9.10",
    "[::1]:80",
    "vigil.example",
    "Vigil.Example:443",
  ]) {
    test(`under the name ${host} is answered`, async () => {
      assert.equal((await getRaw(api.url, "/api/worklist", { host })).status, 200);
    });
  }

  test("with two names is answered by neither of Vigil's parts", async () => {
    const twice = `GET /api/worklist HTTP/1.1\r\nHost: evil.example\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
    assert.ok([400, 403].includes((await sendRaw(api.url, twice)).status));
    const inTarget = await getRaw(api.url, "http://evil.example/api/worklist", { host: "localhost" });
    assert.equal(inTarget.status, 400);
  });

  const foreign: Record<string, string>[] = [
    { origin: "http://evil.example" },
    { origin: "null" },
    { origin: "" },
    { origin: "http://localhost:1" },
    { origin: "http://vigil.example" },
    { origin: `${PUBLIC_URL}.evil.example` },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "nonsense" },
    { origin: PUBLIC_URL, "sec-fetch-site": "cross-site" },
  ];
  for (const headers of foreign) {
    test(`from ${JSON.stringify(headers)} changes nothing`, async () => {
      for (const target of [RESCORE, "/api/studies/1.2.3/feedback", "/api/hooks/orthanc", "/", "/pacs/studies"]) {
        const { status, body } = await getRaw(api.url, target, headers, "POST");
        assert.equal(status, 403, target);
        assert.equal(JSON.parse(body).code, "origin-refused");
      }
      assert.equal((await getRaw(api.url, "/api/worklist", headers)).status, 200);
    });
  }

  test("from Vigil's own page, or from a program, may change something", async () => {
    const own: Record<string, string>[] = [
      {},
      { origin: `http://127.0.0.1:${port}`, "sec-fetch-site": "same-origin" },
      { host: `localhost:${port}`, origin: `http://localhost:${port}` },
      { host: "localhost:80", origin: "http://localhost" },
      { host: "vigil.example", origin: PUBLIC_URL, "sec-fetch-site": "same-origin" },
      // A proxy that ends TLS may call us by our own address.
      { origin: PUBLIC_URL },
      { "sec-fetch-site": "none" },
    ];
    for (const headers of own) {
      const { status } = await getRaw(api.url, RESCORE, headers, "POST");
      assert.equal(status, 404, JSON.stringify(headers));
    }
  });

  test("of a PACS to the hook is known by its secret, under whatever name it calls Vigil", async () => {
    const body = JSON.stringify({ event: "stable-study", studyInstanceUid: "1.2.3.4" });
    const announce = (secret: string) => {
      const headers = { host: "vigil:8077", "x-vigil-secret": secret, "content-type": "application/json" };
      const lines = Object.entries({ ...headers, "content-length": body.length, connection: "close" });
      const head = lines.map(([name, value]) => `${name}: ${value}`).join("\r\n");
      return sendRaw(api.url, `POST /api/hooks/orthanc HTTP/1.1\r\n${head}\r\n\r\n${body}`);
    };
    assert.equal((await announce(HOOK_SECRET)).status, 202);
    assert.equal((await announce("wrong")).status, 401);
  });
});

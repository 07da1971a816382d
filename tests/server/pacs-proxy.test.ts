import assert from "node:assert/strict";
import { createServer, type IncomingHttpHeaders, type RequestListener, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { configSchema, type PacsConfig } from "../../src/config.ts";
import { TestApi } from "../support/api.ts";
import { TestPacs } from "../support/pacs.ts";
import { filesOf, headStudy } from "../support/studies.ts";

const DICOM_JSON = "application/dicom+json";
const PIXELS = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';

/** One request whose path is sent as it stands; fetch would tidy it. */
function get(url: string, path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>((resolve, reject) => {
    const sent = request(url, { path, headers }, (answer) => {
      const { statusCode: status = 0, headers } = answer;
      buffer(answer).then((body) => resolve({ status, headers, body }), reject);
    });
    sent.on("error", reject).end();
  });
}

describe("The way to the PACS", () => {
  const series = headStudy("proxy");
  const study = `/studies/${series.studyInstanceUid}`;
  const metadata = `${study}/series/${series.seriesInstanceUid}/metadata`;
  const frame = `${study}/series/${series.seriesInstanceUid}/instances/${series.instances[0]!.sopInstanceUid}/frames/1`;
  let pacs: TestPacs;
  let api: TestApi;

  before(async () => {
    pacs = await TestPacs.start();
    await pacs.send(filesOf(series));
    api = await TestApi.start({ pacs: [pacs.config()] });
  });
  after(async () => {
    await api.stop();
    await pacs.close();
  });

  test("gives the attributes that a viewer asks for in its own spelling", async () => {
    const query = `StudyInstanceUID=${series.studyInstanceUid}&includefield=00081030%2C00080060`;
    const { status, body } = await get(api.url, `/pacs/studies?${query}`, { accept: DICOM_JSON });
    assert.equal(status, 200);
    const [found] = JSON.parse(body.toString());
    assert.deepEqual(found["00081030"].Value, ["CT head"]);
  });

  test("brings pixels unchanged and uncompressed, and compresses what is text", async () => {
    const zipped = { "accept-encoding": "gzip" };
    const pixels = await get(api.url, `/pacs${frame}`, { accept: PIXELS, ...zipped });
    assert.equal(pixels.status, 200);
    assert.match(pixels.headers["content-type"] ?? "", /^multipart\/related/);
    assert.equal(pixels.headers["content-encoding"], undefined);
    const pixelData = 2 * 256 * 256;
    const direct = await get(pacs.url, `/dicom-web${frame}`, { accept: PIXELS });
    const withoutBoundaries = ({ body }: { body: Buffer }) =>
      body.subarray(body.indexOf("\r\n\r\n")).subarray(0, pixelData);
    assert.equal(pixels.body.length, direct.body.length);
    assert.deepEqual(withoutBoundaries(pixels), withoutBoundaries(direct));
    const text = await get(api.url, `/pacs${metadata}`, { accept: DICOM_JSON, ...zipped });
    assert.equal(text.headers["content-encoding"], "gzip");
    assert.equal(text.headers["cache-control"], "no-store");
  });

  test("names bulk data by addresses that lead through it again", async () => {
    const { body } = await get(api.url, `/pacs${metadata}`, { accept: DICOM_JSON });
    const address: string = JSON.parse(body.toString())[0]["7FE00010"].BulkDataURI;
    assert.ok(address.startsWith(`${api.url}/`), address);
    const bulk = await fetch(address, { headers: { accept: "multipart/related; type=application/octet-stream" } });
    assert.equal(bulk.status, 200);
    await bulk.arrayBuffer();
  });

  test("answers HEAD as it answers GET, without the body", async () => {
    for (const path of [metadata, "/studies/1.2.3/metadata"]) {
      const headers = { accept: DICOM_JSON };
      const [head, whole] = await Promise.all([
        api.send("head", `/pacs${path}`, { headers }),
        get(api.url, `/pacs${path}`, headers),
      ]);
      assert.equal(head.status, whole.status);
      assert.equal(head.headers["content-type"], whole.headers["content-type"]);
      assert.ok(!head.text);
    }
  });

  test("lets nobody write", async () => {
    for (const method of ["post", "put", "delete"] as const) {
      const { status, type, body, headers } = await api.send(method, `/pacs${study}`);
      assert.equal(status, 405);
      assert.equal(type, "application/problem+json");
      assert.equal(body.code, "method-not-allowed");
      assert.equal(headers.allow, "GET, HEAD, OPTIONS");
    }
    const { status, headers } = await api.send("options", "/pacs/studies");
    assert.equal(status, 204);
    assert.equal(headers.allow, "GET, HEAD, OPTIONS");
  });

  test("leads nowhere but to studies, series and instances", async () => {
    for (const path of ["", "/", "/servers", "/studiesx", "/wado"]) {
      const { status, body } = await get(api.url, `/pacs${path}`);
      assert.equal(status, 404, path);
      assert.equal(JSON.parse(body.toString()).code, "not-found");
    }
    for (const root of ["/pacs", "/dicom-web"]) {
      for (const way of [
        "/studies/../../system",
        "/studies/%2e%2e/%2E./system",
        "/studies/..%2f..%2fsystem",
        "/series/..",
      ]) {
        const { status, body } = await get(api.url, `${root}${way}`);
        assert.equal(status, 400, way);
        assert.equal(JSON.parse(body.toString()).code, "request-invalid");
      }
    }
  });

  test("logs which paths were read, but not what was searched for", async () => {
    await get(api.url, "/pacs/studies?PatientName=Papadopoulos");
    assert.match(api.log, /"path":"\/pacs\/studies"/);
    assert.doesNotMatch(api.log, /Papadopoulos/);
  });
});

describe("The way to a PACS that is different from Orthanc", () => {
  /** What a request looks like when it arrives. */
  let arrived: { url: string | undefined; headers: IncomingHttpHeaders };
  let answer: RequestListener;
  let server: Server;
  let settings: PacsConfig;
  let api: TestApi;

  before(async () => {
    server = createServer((incoming, outgoing) => {
      arrived = { url: incoming.url, headers: incoming.headers };
      answer(incoming, outgoing);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const dicomweb = `http://127.0.0.1:${(server.address() as AddressInfo).port}/rs`;
    const one = {
      dicomweb,
      username: "vigil",
      password: "geheim",
      headers: { "x-tenant": "radiology" },
      timeoutS: 0.5,
    };
    settings = configSchema.parse({ pacs: [one] }).pacs[0]!;
    api = await TestApi.start({ pacs: [settings] });
  });
  after(async () => {
    await api.stop();
    server.closeAllConnections();
    server.close();
  });

  test("carries Vigil's credentials and none of the browser's", async () => {
    answer = (_incoming, outgoing) => {
      outgoing.writeHead(200, { "set-cookie": "a=b", "content-type": DICOM_JSON, server: "PACS 1.0" }).end("[]");
    };
    const browser = { cookie: "session=1", authorization: "Bearer x", origin: "http://evil", expect: "100-continue" };
    const { status, headers } = await get(api.url, "/pacs/studies?limit=1", { accept: DICOM_JSON, ...browser });
    assert.equal(status, 200);
    assert.equal(arrived.url, "/rs/studies?limit=1");
    const { authorization, cookie, origin, "x-tenant": tenant, host } = arrived.headers;
    assert.equal(authorization, `Basic ${Buffer.from("vigil:geheim").toString("base64")}`);
    assert.deepEqual([cookie, origin, tenant], [undefined, undefined, "radiology"]);
    assert.equal(host, new URL(settings.dicomweb).host);
    assert.deepEqual([headers["set-cookie"], headers.server], [undefined, undefined]);
  });

  test("passes on what the PACS says, an error too", async () => {
    answer = (_incoming, outgoing) => outgoing.writeHead(404, { "content-type": "text/plain" }).end("no such study");
    const { status, body } = await get(api.url, "/pacs/studies/1.2.3/metadata");
    assert.equal(status, 404);
    assert.equal(body.toString(), "no such study");
  });

  test("turns a refusal of the credentials into a problem, not into a sign-in dialogue", async () => {
    answer = (_incoming, outgoing) => outgoing.writeHead(401, { "www-authenticate": "Basic" }).end("sign in");
    const { status, headers, body } = await get(api.url, "/pacs/studies");
    assert.equal(status, 502);
    assert.equal(headers["www-authenticate"], undefined);
    assert.equal(JSON.parse(body.toString()).code, "pacs-unauthorized");
  });

  test("gives up when the PACS stays silent", async () => {
    answer = () => {};
    const { status, body } = await get(api.url, "/pacs/studies");
    assert.equal(status, 504);
    assert.equal(JSON.parse(body.toString()).code, "pacs-timeout");
  });

  test("breaks off when the PACS does, so that half an image is not taken for a whole one", async () => {
    answer = (_incoming, outgoing) => {
      outgoing.writeHead(200, { "content-type": "application/octet-stream" });
      outgoing.write("half", () => outgoing.destroy());
    };
    await assert.rejects(get(api.url, "/pacs/studies/1.2.3"), /aborted|socket hang up/);
  });

  test("refuses a body, which the PACS could take for another request", async () => {
    const { status, body } = await api.send("get", "/pacs/studies", { body: "DELETE /studies HTTP/1.1\r\n\r\n" });
    assert.equal(status, 400);
    assert.equal(body.code, "request-invalid");
  });

  test("answers 502 when the PACS is down", async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const { status, headers, body } = await get(api.url, "/pacs/studies?PatientID=1");
    assert.equal(status, 502);
    assert.equal(headers["content-type"], "application/problem+json; charset=utf-8");
    const problem = JSON.parse(body.toString());
    assert.equal(problem.code, "pacs-unreachable");
    assert.equal(problem.instance, "/pacs/studies");
  });
});

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { TestApi } from "../support/api.ts";
import { LyingPacs } from "../support/lying-pacs.ts";
import { getRaw } from "../support/raw-http.ts";

const SCRIPT = "<script>fetch('/api/worklist')</script>";

describe("What a PACS answers", () => {
  let pacs: LyingPacs;
  let api: TestApi;
  before(async () => {
    pacs = await LyingPacs.start();
    api = await TestApi.start({ pacs: [pacs.config()] });
  });
  after(async () => {
    await api.stop();
    pacs.close();
  });

  function ask(status: number, headers: Record<string, string>) {
    pacs.answer = (_incoming, outgoing) => {
      outgoing.writeHead(status, headers).end(SCRIPT);
    };
    return getRaw(api.url, "/pacs/studies/1.2");
  }

  for (const type of [
    "text/html",
    "TEXT/HTML; charset=utf-8",
    " text/html",
    "text/html;application/dicom+json",
    "image/svg+xml",
    "application/xhtml+xml",
    "application/xml",
    "text/xml",
    "application/dicom+xml",
    "text/javascript",
    "multipart/x-mixed-replace; boundary=x",
    "",
    "nonsense",
  ]) {
    test(`as "${type}" is not passed on`, async () => {
      const { status, body } = await ask(200, { "content-type": type });
      assert.equal(status, 502);
      assert.equal(JSON.parse(body).code, "pacs-answer-invalid");
      const failed = await ask(404, { "content-type": type });
      assert.deepEqual([failed.status, failed.body.replace(/^0\r\n\r\n$/, "")], [404, ""]);
    });
  }

  for (const type of [
    "application/dicom",
    "application/dicom+json; charset=utf-8",
    "application/json",
    "application/octet-stream",
    'multipart/related; type="application/dicom+xml"; boundary=x',
    "image/jpeg",
    "image/jls",
    "image/dicom-rle",
    "video/mp4",
    "text/plain",
  ]) {
    test(`as "${type}" is passed on, and is no page even when it is opened as one`, async () => {
      const { status, headers, body } = await ask(200, { "content-type": type });
      assert.equal(status, 200);
      assert.equal(headers["content-type"], type);
      assert.match(headers["content-security-policy"] ?? "", /default-src 'none'.*sandbox$/);
      assert.equal(headers["x-content-type-options"], "nosniff");
      assert.ok(body.includes(SCRIPT));
    });
  }

  test("without a media type is bytes", async () => {
    const { status, headers } = await ask(200, {});
    assert.equal(status, 200);
    assert.equal(headers["content-type"], "application/octet-stream");
  });

  test("as a redirection is not followed, and leads nobody away", async () => {
    const { status, headers } = await ask(302, { location: "http://elsewhere.example/", "content-type": "text/html" });
    assert.equal(status, 302);
    assert.equal(headers.location, undefined);
  });
});

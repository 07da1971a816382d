import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { TestApi } from "../support/api.ts";
import { LyingPacs } from "../support/lying-pacs.ts";
import { getRaw } from "../support/raw-http.ts";

const WAYS_OUT = [
  "/pacs/studies#/../../../instances",
  "/pacs/studies%23/../../../instances",
  "/pacs/studies?x#/../../../instances",
  "/pacs/studies/../../instances",
  "/pacs/studies/..",
  "/pacs/studies/.",
  "/pacs/studies/./1.2",
  "/pacs/studies/.../1.2",
  "/pacs/studies/%2e%2e/%2E./system",
  "/pacs/studies/.%2e/system",
  "/pacs/studies/%252e%252e/system",
  "/pacs/studies/%25252e%25252e/system",
  "/pacs/studies/..%2f..%2fsystem",
  "/pacs/studies/..%252f..%252fsystem",
  "/pacs/studies/..%5c..%5csystem",
  "/pacs/studies/..\\..\\system",
  "/pacs/studies\\..\\..\\system",
  "/pacs/studies/..;/..;/system",
  "/pacs/studies/..;a=b/system",
  "/pacs/studies/%c0%ae%c0%ae/system",
  "/pacs/studies/%e0%80%ae%e0%80%ae/system",
  "/pacs/studies/%u002e%u002e/system",
  "/pacs/studies/．．/system",
  "/pacs/studies/%00/../system",
  "/pacs/studies/1.2%00",
  "/pacs/studies/1.2%0d%0aX-Header:%20x",
  "/pacs/studies/1.2%09",
  "/pacs/studies/1.2%20x",
  "/pacs/studies/1.2%3f../../system",
  "/pacs/studies//1.2",
  "/pacs//studies",
  "//pacs/studies",
  "/pacs/studies?PatientID=%00",
  "/pacs/studies?PatientID=%0d%0aHost:%20evil",
  "/pacs/studies?PatientID=%E0%A4%A",
  "/pacs/%2e%2e/studies",
  "/pacs/../studies",
  "/pacs/./studies",
  "/pacs/studies%2f..%2f..%2fsystem",
  "/pacs/servers",
  "/pacs/studiesx",
  "/pacs/wado?requestType=WADO",
  "/pacs;/studies",
  "http://elsewhere.example/pacs/studies",
  "*",
];

const USABLE: Record<string, string> = {
  "/pacs/studies": "/rs/studies",
  "/pacs/studies/": "/rs/studies",
  "/pacs/studies/ID_7436cf1007": "/rs/studies/ID_7436cf1007",
  "/pacs/studies/ID_7436cf1007/series/a-b.c/instances/1.2/frames/1,2,3":
    "/rs/studies/ID_7436cf1007/series/a-b.c/instances/1.2/frames/1,2,3",
  "/pacs/studies/1%2E2/metadata": "/rs/studies/1.2/metadata",
  "/pacs/instances/1.2/bulkdata/7FE00010": "/rs/instances/1.2/bulkdata/7FE00010",
  "/pacs/studies?PatientName=M%C3%BCller%5E*&limit=5": "/rs/studies?PatientName=M%C3%BCller%5E*&limit=5",
  "/pacs/studies?PatientName=a+b%2Bc": "/rs/studies?PatientName=a+b%2Bc",
  "/pacs/studies?includefield=00081030%2C00080060": "/rs/studies?includefield=00081030,00080060",
  "/pacs/studies?StudyInstanceUID=1.2,1.3": "/rs/studies?StudyInstanceUID=1.2,1.3",
  "/pacs/studies?ModalitiesInStudy=CT\\MR": "/rs/studies?ModalitiesInStudy=CT%5CMR",
  "/pacs/studies?StudyDate=20200101-20201231&00080050=": "/rs/studies?StudyDate=20200101-20201231&00080050=",
  "/rs/series": "/rs/series",
};

describe("A target in the PACS", () => {
  let pacs: LyingPacs;
  let api: TestApi;
  before(async () => {
    pacs = await LyingPacs.start();
    // The viewer answers every path that nothing else does.
    api = await TestApi.start({ pacs: [pacs.config()], server: { viewer: false } });
  });
  after(async () => {
    await api.stop();
    pacs.close();
  });
  beforeEach(() => pacs.arrived.splice(0));

  for (const target of WAYS_OUT) {
    test(`${JSON.stringify(target)} leads nowhere`, async () => {
      for (const way of [target, target.replace(/^\/pacs/, "/rs")]) {
        const { status } = await getRaw(api.url, way);
        assert.ok(status === 400 || status === 404, `${way}: ${status}`);
        assert.deepEqual(pacs.arrived, []);
      }
    });
  }

  for (const [target, there] of Object.entries(USABLE)) {
    test(`${target} is ${there} there`, async () => {
      assert.equal((await getRaw(api.url, target)).status, 200);
      assert.deepEqual(
        pacs.arrived.map(({ url }) => url),
        [there],
      );
    });
  }

  test("is told with the checked host, or the public URL where there is one, never with what a client says", async () => {
    await getRaw(api.url, "/pacs/studies", { forwarded: "host=evil", "x-forwarded-host": "evil" });
    assert.equal(pacs.arrived[0]?.headers.forwarded, `host=${new URL(api.url).host};proto=http`);
    assert.equal(pacs.arrived[0]?.headers["x-forwarded-host"], undefined);
    const proxied = await TestApi.start({
      pacs: [pacs.config()],
      server: { publicUrl: "https://vigil.example" },
    });
    try {
      await getRaw(proxied.url, "/pacs/studies");
      assert.equal(pacs.arrived[1]?.headers.forwarded, "host=vigil.example;proto=https");
    } finally {
      await proxied.stop();
    }
  });

  test("answers HEAD with the headers of GET, though it asks by GET", async () => {
    pacs.answer = (_incoming, outgoing) => {
      outgoing.writeHead(200, { "content-type": "application/dicom", "content-length": "4" }).end("DICM");
    };
    const { status, headers, body } = await getRaw(api.url, "/pacs/studies/1.2", {}, "HEAD");
    assert.equal(status, 200);
    assert.deepEqual([headers["content-type"], headers["content-length"], body], ["application/dicom", "4", ""]);
    assert.equal(pacs.arrived[0]?.method, "GET");
  });
});

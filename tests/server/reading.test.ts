import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { inflateSync } from "node:zlib";
import { type Preview, previewSchema } from "../../src/contract/preview.ts";
import { ctSeries } from "../../src/phantom/ct-series.ts";
import { headPhantom } from "../../src/phantom/phantoms.ts";
import { PROBLEM_JSON } from "../../src/server/problem.ts";
import { TestApi } from "../support/api.ts";
import { EventStreamReader } from "../support/event-stream.ts";
import { TestPacs } from "../support/pacs.ts";
import { getRaw } from "../support/raw-http.ts";
import { bleedingHeadStudy, filesOf } from "../support/studies.ts";
import { waitUntil } from "../support/wait.ts";

const LOGIN = "x-forwarded-user";
const UNKNOWN = "/api/studies/1.2.3";
const READING = /\/(reading|feedback|session|preview|counts)/;

describe("The reading of studies", () => {
  const series = bleedingHeadStudy("reading");
  const prior = ctSeries(headPhantom(), {
    studyKey: "earlier",
    patientName: "reading^Test",
    patientId: "reading",
    studyDescription: "CT head, the day before",
    attributes: { RequestedProcedurePriority: "STAT", CurrentPatientLocation: "Ward 4" },
  });
  const uid = series.studyInstanceUid;
  const study = `/api/studies/${uid}`;
  let pacs: TestPacs;
  let api: TestApi;

  before(async () => {
    pacs = await TestPacs.start();
    await pacs.send([...filesOf(series), ...filesOf(prior)]);
    api = await TestApi.start({ role: "all", pacs: [pacs.config()], server: { readerHeader: LOGIN } });
    await api.until(uid, ({ state }) => state === "reported");
    await api.until(prior.studyInstanceUid, ({ state }) => state === "reported");
  });
  after(async () => {
    await api.stop();
    await pacs.close();
  });

  const preview = async (): Promise<Preview> => previewSchema.parse((await api.call("get", `${study}/preview`)).body);
  const isListed = async () =>
    (await api.call("get", "/api/worklist")).body.items.find(
      (item: { studyInstanceUid: string }) => item.studyInstanceUid === uid,
    );

  test("knows who is signed in where a proxy says so, in any script", async () => {
    assert.deepEqual((await api.call("get", "/api/session")).body, { reader: null });
    const name = Buffer.from("Dr Zoë").toString("latin1");
    assert.deepEqual((await api.call("get", "/api/session", { headers: { [LOGIN]: name } })).body, {
      reader: "Dr Zoë",
    });
  });

  test("is told to every list when it begins and when it ends", async () => {
    const list = await EventStreamReader.open(api.url);
    const told = () =>
      list.events.flatMap((event) =>
        event.type === "study-updated" && event.study.studyInstanceUid === uid ? [event.study.reading?.reader] : [],
      );
    const begun = await api.call("put", `${study}/reading`, { body: { reader: "Dr Ada" } });
    assert.deepEqual([begun.status, begun.body.reader], [200, "Dr Ada"]);
    await waitUntil("the list hears of it", () => told().at(-1) === "Dr Ada");
    assert.equal((await isListed()).reading.reader, "Dr Ada");
    assert.equal((await preview()).reading?.reader, "Dr Ada");
    const heard = told().length;
    await api.call("put", `${study}/reading`, { body: { reader: "Dr Ada" } });
    const ended = await api.call("delete", `${study}/reading`, { body: { reader: "Dr Ada" } });
    assert.equal(ended.status, 204);
    await waitUntil("the list hears that it is over", () => told().length > heard && told().at(-1) === undefined);
    assert.equal(told().length, heard + 1);
    list.close();
  });

  test("is claimed in the name that is signed in, and in none without", async () => {
    const signedIn = { headers: { [LOGIN]: "Dr Bo" }, body: { reader: "Dr Ada" } };
    assert.equal((await api.call("put", `${study}/reading`, signedIn)).body.reader, "Dr Bo");
    assert.equal((await api.call("delete", `${study}/reading`, signedIn)).status, 204);
    assert.equal((await isListed()).reading, null);
    for (const method of ["put", "delete"] as const) {
      const { status, body } = await api.call(method, `${study}/reading`, { body: {} });
      assert.deepEqual([status, body.errors?.[0].field], [400, "reader"]);
    }
    assert.equal((await api.call("put", `${UNKNOWN}/reading`, { body: { reader: "Dr Ada" } })).status, 404);
  });

  test("ends with an answer: it is kept once, shown to all, can be taken back and is exported", async () => {
    const [finding] = (await preview()).findings.filter(({ label }) => label === "any");
    const body = { findingId: finding!.id, decision: "accept", label: "any", reader: "Dr Ada" };
    const first = await api.call("post", `${study}/feedback`, { body });
    const second = await api.call("post", `${study}/feedback`, { body });
    assert.deepEqual([first.status, second.status, second.body], [201, 200, first.body]);
    const read = { decision: "agreed", reader: "Dr Ada", at: first.body.at };
    assert.deepEqual([(await isListed()).read, (await preview()).read], [read, read]);
    assert.equal((await api.call("get", "/api/worklist/counts")).body.groups.read, 1);
    const withdrawn = await api.call("delete", `${study}/feedback/${first.body.id}`);
    assert.equal(withdrawn.status, 200);
    assert.equal((await isListed()).group, "attention");
    const signedIn = await api.call("post", `${study}/feedback`, { headers: { [LOGIN]: "Dr Bo" }, body });
    assert.equal(signedIn.body.reader, "Dr Bo");
    const { body: page } = await api.call("get", "/api/feedback?limit=1");
    assert.equal(page.items[0].reader, "Dr Ada");
    const { body: rest } = await api.call("get", `/api/feedback?cursor=${page.nextCursor}`);
    assert.deepEqual([rest.items.map((item: { reader: string }) => item.reader), rest.nextCursor], [["Dr Bo"], null]);
    assert.equal((await api.call("get", "/api/feedback?since=yesterday")).status, 400);
    assert.equal((await api.call("post", `${study}/feedback`, { body: { ...body, findingId: "1.2" } })).status, 404);
    assert.equal((await api.call("delete", `${study}/feedback/0`)).status, 404);
  });

  test("is where the patient lies, as soon as the PACS says", async () => {
    const { body } = await api.call("get", "/api/worklist?group=negative");
    assert.deepEqual([body.items[0].priority, body.items[0].ward], ["STAT", "Ward 4"]);
    assert.deepEqual([(await isListed()).priority, (await isListed()).ward], [null, null]);
  });

  test("begins with a look: key slices, findings, priors and what was odd", async () => {
    const seen = await preview();
    assert.equal(seen.flag, "critical");
    const [best] = seen.keySlices;
    assert.ok(best !== undefined && best.label === "any" && best.heatImage !== null);
    assert.equal(best.of, series.instances.length);
    assert.deepEqual(
      seen.priors.map(({ studyInstanceUid, flag }) => [studyInstanceUid, flag]),
      [[prior.studyInstanceUid, "negative"]],
    );
    const { body } = await api.call("get", `/api/studies/${prior.studyInstanceUid}/preview`);
    assert.ok(body.keySlices.length > 1, "a negative study shows slices as well");
    assert.ok(body.keySlices.every((slice: { heatImage: string | null }) => slice.heatImage === null));
    assert.equal((await api.call("get", `${UNKNOWN}/preview`)).status, 404);
    assert.equal((await api.call("get", "/api/studies/study%201/preview")).status, 400);
  });

  test("shows the slice in grey, and the heat map in colour inside the skull only", async () => {
    const { image, heatImage } = (await preview()).keySlices[0]!;
    const plain = await api.call("get", image);
    assert.deepEqual([plain.status, plain.type], [200, "image/png"]);
    const grey = pngPixels(plain.body);
    const color = pngPixels((await api.call("get", heatImage!)).body);
    assert.deepEqual([grey.channels, color.channels], [1, 3]);
    const at = (x: number, y: number) => [...color.pixels.subarray((y * 256 + x) * 3, (y * 256 + x) * 3 + 3)];
    assert.ok(grey.pixels.some((shade) => shade === 255) && grey.pixels[0] === 0);
    let colored = 0;
    let outside = 0;
    for (let i = 0; i < 256 * 256; i++) {
      const [red, green, blue] = at(i % 256, Math.floor(i / 256)) as [number, number, number];
      if (red === green && green === blue) continue;
      colored++;
      // Bone is white and the air around black: neither takes colour.
      if (grey.pixels[i] === 0 || grey.pixels[i] === 255) outside++;
    }
    assert.ok(colored > 100, `${colored} pixels are coloured`);
    assert.ok(outside < colored / 10, `${outside} of ${colored} coloured pixels are bone or air`);
  });

  test("keeps the images in the browser only, and makes them again for a new result", async () => {
    const { image, heatImage } = (await preview()).keySlices[0]!;
    for (const address of [image, heatImage!]) {
      const { headers } = await api.call("get", address);
      assert.equal(headers["cache-control"], "private, no-cache");
      const known = { headers: { "if-none-match": headers.etag! } };
      assert.equal((await api.call("get", address, known)).status, 304);
      assert.equal((await api.call("get", address, { headers: { "if-none-match": '"other"' } })).status, 200);
    }
  });

  test("says which image it cannot show, and why", async () => {
    const { image } = (await preview()).keySlices[0]!;
    const of = (sop: string) => image.replace(/instances\/[^/]+/, `instances/${sop}`);
    const gone = await api.call("get", of("1.2.3"));
    assert.deepEqual([gone.status, gone.body.code], [404, "instance-not-in-pacs"]);
    assert.equal((await api.call("get", `${image}?frame=2`)).body.code, "not-found");
    assert.equal((await api.call("get", `${of("1.2.3")}?heat=any`)).status, 404);
    assert.equal((await api.call("get", `${image}?heat=tumour`)).status, 400);
    const { body } = await api.call("get", study);
    const report = body.deliveries[0].sopInstanceUid;
    const [found] = await pacs.reports(uid);
    const ofReport = image.replace(/series\/.*/, `series/${found!["0020000E"]!.Value![0]}/instances/${report}/preview`);
    assert.equal((await api.call("get", ofReport)).status, 422);
  });

  test("says that the study is gone, or the PACS", async () => {
    const { body } = await api.call("get", `/api/studies/${prior.studyInstanceUid}/preview`);
    const found = await fetch(`${pacs.url}/tools/lookup`, { method: "POST", body: prior.studyInstanceUid });
    const [{ ID }] = (await found.json()) as [{ ID: string }];
    await fetch(`${pacs.url}/studies/${ID}`, { method: "DELETE" });
    const gone = await api.call("get", body.keySlices[0].image);
    assert.deepEqual([gone.status, gone.body.code], [404, "study-not-in-pacs"]);
    const unseen = image((await preview()).keySlices[0]!.image, series.instances[0]!.sopInstanceUid);
    await pacs.stop();
    const away = await api.call("get", unseen);
    assert.deepEqual([away.status, away.body.code], [502, "pacs-unreachable"]);
  });

  test("has so many claims on one study in a minute and no more", async () => {
    for (const [method, path] of [
      ["put", "/reading"],
      ["delete", "/reading"],
      ["post", "/feedback"],
      ["delete", "/feedback/1"],
    ] as const) {
      // 400 or 404 until then: it is the asking that is counted.
      let status = 0;
      for (let i = 0; i < 40; i++)
        ({ status } = await api.call(method, `/api/studies/1.2.${method}${path}`, { body: {} }));
      assert.equal(status, 429);
    }
  });

  test("refuses on every route what was not meant for it", async () => {
    const long = JSON.stringify({ reader: "x".repeat(70_000) });
    for (const [path, operations] of Object.entries(api.contract.document.paths)) {
      if (!READING.test(path)) continue;
      const way = path.replaceAll(/\{\w+\}/g, "1.9");
      for (const method of Object.keys(operations) as ("get" | "post" | "put" | "delete")[]) {
        const { status, body } = await getRaw(api.url, `${way}#`, {}, method.toUpperCase());
        assert.equal(status, 400);
        api.contract.assertKept(method, way, { status, contentType: PROBLEM_JSON, body: JSON.parse(body) });
        const takesBody = "413" in operations[method]!.responses;
        if (takesBody) assert.equal((await api.call(method, way, { body: long })).status, 413);
      }
    }
  });

  test("has given every answer that the OpenAPI document promises, in these tests", () => {
    const promised = api.contract.promised.filter((answer) => READING.test(answer) && !/ 403$/.test(answer));
    const open = promised.filter((answer) => !api.contract.seen.includes(answer));
    assert.deepEqual(open, []);
  });
});

function image(address: string, sop: string): string {
  return address.replace(/instances\/[^/]+/, `instances/${sop}`);
}

function pngPixels(png: Buffer): { channels: number; pixels: Uint8Array } {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  assert.deepEqual([width, height, png[24]], [256, 256, 8]);
  const channels = png[25] === 2 ? 3 : 1;
  const rows = inflateSync(png.subarray(png.indexOf("IDAT") + 4, -16));
  const stride = width * channels + 1;
  assert.equal(rows.length, height * stride);
  const pixels = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) pixels.set(rows.subarray(y * stride + 1, (y + 1) * stride), y * (stride - 1));
  return { channels, pixels };
}

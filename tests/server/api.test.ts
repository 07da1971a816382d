import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { studyResourceSchema } from "../../src/contract/study.ts";
import { HOOK_SECRET, TestApi } from "../support/api.ts";
import { TestPacs } from "../support/pacs.ts";
import { getRaw } from "../support/raw-http.ts";
import { bleedingHeadStudy, filesOf } from "../support/studies.ts";

const UNKNOWN_UID = "1.2.3";

describe("The HTTP API", () => {
  const series = bleedingHeadStudy("api");
  const uid = series.studyInstanceUid;
  const study = `/api/studies/${uid}`;
  let pacs: TestPacs;
  let api: TestApi;

  before(async () => {
    pacs = await TestPacs.start();
    await pacs.send(filesOf(series));
    api = await TestApi.start({ role: "all", pacs: [pacs.config()], hookSecret: HOOK_SECRET });
    await api.until(uid, ({ state }) => state === "reported");
  });
  after(async () => {
    await api.stop();
    await pacs.close();
  });

  test("says that it lives, and that all its parts work", async () => {
    const live = await api.call("get", "/api/health/live");
    assert.equal(live.status, 200);
    assert.equal(live.body.live, true);
    const ready = await api.call("get", "/api/health/ready");
    assert.equal(ready.status, 200);
    const names = ready.body.checks.map((check: { name: string }) => check.name);
    assert.deepEqual(names, ["database", "pacs pacs", "model"]);
  });

  test("lists studies, and finds them by what is asked for", async () => {
    const { body, headers } = await api.call("get", "/api/worklist?flagged=true&state=reported&q=API&limit=5");
    assert.deepEqual(
      body.items.map((item: { studyInstanceUid: string }) => item.studyInstanceUid),
      [uid],
    );
    assert.equal(body.items[0].flag, "critical");
    assert.equal(body.items[0].patientName, "api^Test");
    assert.equal(headers["cache-control"], "no-store");
    const none = await api.call("get", "/api/worklist?flagged=false");
    assert.deepEqual(none.body, { items: [], nextCursor: null });
  });

  test("refuses a list request with unknown or wrong parameters, and names each", async () => {
    const { status, type, body } = await api.call("get", "/api/worklist?state=done&limit=0&limits=5");
    assert.equal(status, 400);
    assert.equal(type, "application/problem+json");
    assert.equal(body.code, "request-invalid");
    assert.equal(body.instance, "/api/worklist");
    assert.deepEqual(body.errors.map((error: { field: string }) => error.field).sort(), ["limit", "limits", "state"]);
    const cursor = await api.call("get", "/api/worklist?cursor=nonsense");
    assert.equal(cursor.status, 400);
    const twice = await api.call("get", "/api/worklist?q=a&q=b");
    assert.equal(twice.body.errors[0].field, "q");
  });

  test("gives the whole result of a study", async () => {
    const { status, body } = await api.call("get", study);
    assert.equal(status, 200);
    const result = studyResourceSchema.parse(body);
    assert.equal(result.slices.length, series.instances.length);
    assert.equal(result.deliveries[0]?.state, "delivered");
    assert.ok(result.findings.some(({ presence, keySlices }) => presence === "present" && keySlices.length > 0));
  });

  test("gives the heat map of a label, of `any` unless told otherwise", async () => {
    const any = await api.call("get", `${study}/heatmap`);
    assert.equal(any.status, 200);
    assert.equal(any.body.label, "any");
    assert.equal(any.body.slices.length, series.instances.length);
    const cells = Buffer.from(any.body.slices[0].cells, "base64");
    assert.equal(cells.length, any.body.gridWidth * any.body.gridHeight);
    const subdural = await api.call("get", `${study}/heatmap?label=subdural`);
    assert.equal(subdural.body.label, "subdural");
    const wrong = await api.call("get", `${study}/heatmap?label=tumour`);
    assert.equal(wrong.body.errors[0].field, "label");
  });

  test("keeps feedback on a finding and shows it with the study", async () => {
    const { body: before } = await api.call("get", study);
    const finding = before.findings[0];
    const given = { findingId: finding.id, decision: "reject", label: finding.label, comment: "calcification" };
    const kept = await api.call("post", `${study}/feedback`, { body: given });
    assert.equal(kept.status, 201);
    assert.equal(kept.body.comment, "calcification");
    const { body: later } = await api.call("get", study);
    assert.deepEqual(later.feedback, [kept.body]);
  });

  test("refuses feedback that it cannot understand, or that is about nothing", async () => {
    const path = `${study}/feedback`;
    const wrong = await api.call("post", path, { body: { decision: "perhaps", label: "any", note: "" } });
    assert.equal(wrong.status, 400);
    assert.deepEqual(
      wrong.body.errors.map((error: { in: string; field: string }) => `${error.in} ${error.field}`),
      ["body decision", "body note"],
    );
    const broken = await api.call("post", path, { body: '{"decision":' });
    assert.equal(broken.status, 400);
    assert.equal(broken.body.code, "request-invalid");
    const form = await api.call("post", path, { body: "decision=accept", headers: { "content-type": "text/plain" } });
    assert.match(form.body.detail, /application\/json/);
    const long = await api.call("post", path, {
      body: { decision: "add", label: "any", comment: "x".repeat(100_000) },
    });
    assert.equal(long.status, 413);
    assert.equal(long.body.code, "body-too-large");
    const unknown = await api.call("post", path, { body: { findingId: "none", decision: "accept", label: "any" } });
    assert.equal(unknown.status, 404);
  });

  test("has a study scored again", async () => {
    const { status, text } = await api.call("post", `${study}/rescore`);
    assert.equal(status, 202);
    assert.equal(text, "");
    const again = await api.until(uid, ({ events }) => events.filter(({ type }) => type === "reported").length === 2);
    assert.ok(again.events.some(({ type }) => type === "rescore-requested"));
  });

  test("answers 404 for a study that it does not know and 400 for what is no UID", async () => {
    for (const [method, end, body] of [
      ["get", ""],
      ["get", "/heatmap"],
      ["post", "/rescore"],
      ["post", "/feedback", { decision: "add", label: "any" }],
    ] as const) {
      const unknown = await api.call(method, `/api/studies/${UNKNOWN_UID}${end}`, body && { body });
      assert.equal(unknown.status, 404);
      assert.equal(unknown.body.code, "not-found");
      const wrong = await api.call(method, `/api/studies/study%201${end}`, body && { body });
      assert.equal(wrong.status, 400);
      assert.equal(wrong.body.errors[0].field, "uid");
    }
  });

  test("lists the installed models and says which one is active and what runs it", async () => {
    const { status, body } = await api.call("get", "/api/models");
    assert.equal(status, 200);
    const active = body.items.filter((item: { active: boolean }) => item.active);
    assert.equal(active.length, 1);
    assert.equal(active[0].name, "ich-lite");
    assert.equal(typeof active[0].provider, "string");
  });

  test("takes the hook of Orthanc with the right secret only", async () => {
    const hook = "/api/hooks/orthanc";
    const body = { event: "stable-study", studyInstanceUid: uid, orthancId: "abc" };
    const headers = { "x-vigil-secret": HOOK_SECRET };
    assert.equal((await api.call("post", hook, { headers, body })).status, 202);
    for (const secret of ["", "wrong", `${HOOK_SECRET}x`]) {
      const refused = await api.call("post", hook, { headers: { "x-vigil-secret": secret }, body: "not even JSON" });
      assert.equal(refused.status, 401);
      assert.equal(refused.body.code, "hook-unauthorized");
    }
    const wrong = await api.call("post", hook, { headers, body: { event: "deleted-study", studyInstanceUid: "x y" } });
    assert.deepEqual(
      wrong.body.errors.map((error: { field: string }) => error.field),
      ["event", "studyInstanceUid"],
    );
    const long = await api.call("post", hook, { headers, body: { ...body, event: "x".repeat(100_000) } });
    assert.equal(long.status, 413);
  });

  test("keeps the hook closed when no secret is set", async () => {
    const closed = await TestApi.start();
    try {
      const body = { event: "stable-study", studyInstanceUid: uid };
      const { status } = await closed.call("post", "/api/hooks/orthanc", { headers: { "x-vigil-secret": "" }, body });
      assert.equal(status, 404);
    } finally {
      await closed.stop();
    }
  });

  test("is compressed where it is long and the client takes gzip", async () => {
    const get = (encoding: string) => api.send("get", `${study}/heatmap`, { headers: { "accept-encoding": encoding } });
    const compressed = await get("gzip, br");
    assert.equal(compressed.headers["content-encoding"], "gzip");
    assert.match(compressed.headers.vary ?? "", /accept-encoding/i);
    const plain = await get("identity");
    assert.equal(plain.headers["content-encoding"], undefined);
    assert.deepEqual(plain.body, compressed.body);
    assert.ok(Number(plain.headers["content-length"]) > 2 * Number(compressed.headers["content-length"]));
    for (const none of ["gzip;q=0", "br", ""]) assert.equal((await get(none)).headers["content-encoding"], undefined);
    const short = await api.send("get", "/api/health/live", { headers: { "accept-encoding": "gzip" } });
    assert.equal(short.headers["content-encoding"], undefined);
  });

  test("refuses on every route what was not meant for it", async () => {
    for (const [path, operations] of Object.entries(api.contract.document.paths)) {
      for (const method of Object.keys(operations) as ("get" | "post" | "put" | "delete")[]) {
        const way = path.replace("{uid}", uid);
        const elsewhere = await api.call(method, way, {
          headers: { host: "evil.example", origin: "http://evil.example" },
        });
        assert.equal(elsewhere.status, 403);
        const { status, body } = await getRaw(api.url, `${way}#`, {}, method.toUpperCase());
        assert.equal(status, 400);
        const contentType = "application/problem+json";
        api.contract.assertKept(method, way, { status, contentType, body: JSON.parse(body) });
      }
    }
  });

  test("has so many changes of one study in a minute and no more", async () => {
    for (const [end, body] of [
      ["/rescore", undefined],
      ["/feedback", { decision: "add", label: "any" }],
    ] as const) {
      const way = `/api/studies/1.2.4${end}`;
      for (let i = 0; i < 40; i++) await api.call("post", way, body && { body });
      const { status, headers, body: problem } = await api.call("post", way, body && { body });
      assert.equal(status, 429);
      assert.equal(problem.code, "too-many-requests");
      assert.ok(Number(headers["retry-after"]) > 0 && Number(headers["retry-after"]) <= 60);
    }
    const other = await api.call("post", "/api/studies/1.2.5/rescore");
    assert.equal(other.status, 404);
  });

  test("has given every answer that its OpenAPI document promises, in these tests", async () => {
    await api.call("get", "/api/openapi.json");
    const isElsewhere = (answer: string) => /\/(reading|feedback|session|preview|counts)/.test(answer);
    const open = api.contract.promised.filter((answer) => !api.contract.seen.includes(answer) && !isElsewhere(answer));
    // Those of reading are in reading.test.ts. Event streams too have tests, 404 comes from a service without a secret.
    assert.deepEqual(open, ["get /api/events 200", "post /api/hooks/orthanc 404"]);
  });
});

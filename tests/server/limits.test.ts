import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import type { Request, Response } from "express";
import { VigilError } from "../../src/errors.ts";
import { ChangeLimit } from "../../src/server/change-limit.ts";
import { HOOK_SECRET, TestApi } from "../support/api.ts";
import { EventStreamReader } from "../support/event-stream.ts";

const UID = "1.2.840.1";

describe("The service", () => {
  let api: TestApi;
  before(async () => {
    // It knows of no PACS, and nobody works: what is asked for stays waiting.
    api = await TestApi.start({ hookSecret: HOOK_SECRET });
    const body = { event: "stable-study", studyInstanceUid: UID };
    await api.send("post", "/api/hooks/orthanc", { headers: { "x-vigil-secret": HOOK_SECRET }, body }).expect(202);
  });
  after(() => api.stop());

  test("notes one rescore, however often it is asked for while that waits", async () => {
    for (let i = 0; i < 5; i++) await api.send("post", `/api/studies/${UID}/rescore`).expect(202);
    const { body } = await api.send("get", `/api/studies/${UID}`);
    const types = body.events.map(({ type }: { type: string }) => type);
    assert.deepEqual(types, ["received", "rescore-requested"]);
  });

  test("keeps the same feedback once, also when it is sent at the same time, and another comment or label beside it", async () => {
    const send = (body: object) => api.send("post", `/api/studies/${UID}/feedback`, { body });
    const given = { decision: "add", label: "any", comment: "left" };
    const answers = await Promise.all([send(given), send(given), send(given)]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 200, 201]);
    assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1);
    await send({ ...given, comment: "right" });
    await send(given);
    await send({ ...given, label: "subdural" });
    await send(given);
    const { body } = await api.send("get", `/api/studies/${UID}`);
    assert.deepEqual(
      body.feedback.map(({ label, comment }: { label: string; comment: string }) => `${label} ${comment}`),
      ["any left", "any right", "subdural left"],
    );
  });

  test("keeps so many event streams open and no more, and takes a new one when one is closed", async () => {
    const readers = await Promise.all(Array.from({ length: 200 }, () => EventStreamReader.open(api.url)));
    assert.ok(readers.every(({ response }) => response.status === 200));
    const { status, headers, body } = await api.send("get", "/api/events");
    assert.deepEqual([status, body.code, headers["retry-after"]], [503, "too-many-streams", "2"]);
    assert.equal((await api.send("head", "/api/events")).status, 200);
    readers[0]!.close();
    let again = await EventStreamReader.open(api.url);
    while (again.response.status === 503) again = await EventStreamReader.open(api.url);
    for (const reader of [...readers, again]) reader.close();
  });

  test("answers several requests on one connection", async () => {
    const { port } = new URL(api.url);
    const socket = connect(Number(port), "127.0.0.1");
    let answers = "";
    socket.on("data", (data) => (answers += data));
    const ask = "GET /api/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
    socket.write(ask);
    while (!answers.includes("}")) await new Promise((resolve) => socket.once("data", resolve));
    socket.end(ask.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
    await new Promise((resolve) => socket.once("close", resolve));
    assert.equal(answers.match(/HTTP\/1\.1 200/g)?.length, 2);
  });
});

test("the counts of a limit are themselves limited", () => {
  const limit = new ChangeLimit();
  const retryAfter: string[] = [];
  const response = { set: (_name: string, value: string) => retryAfter.push(value) };
  const change = (uid: string) =>
    limit.guard(
      { socket: { remoteAddress: "127.0.0.1" }, params: { uid } } as unknown as Request,
      response as unknown as Response,
    );
  for (let i = 0; i < 30; i++) change("1.2");
  assert.throws(() => change("1.2"), VigilError);
  assert.equal(retryAfter.length, 1);
  for (let i = 0; i < 25_000; i++) change(`1.3.${i}`);
  assert.ok(limit.size <= 10_000);
});

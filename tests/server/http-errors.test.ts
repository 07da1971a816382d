import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import express from "express";
import request from "supertest";
import { z } from "zod";
import { VigilError } from "../../src/errors.ts";
import { createLogger } from "../../src/log.ts";
import { defineRoute } from "../../src/server/define-route.ts";
import { mountRoutes } from "../../src/server/mount-routes.ts";
import { problemDetailsSchema, problemHandler } from "../../src/server/problem.ts";
import { requestLog } from "../../src/server/request-log.ts";
import { TestApi } from "../support/api.ts";

describe("A service without PACS", () => {
  let api: TestApi;
  before(async () => {
    api = await TestApi.start();
  });
  after(() => api.stop());

  test("answers a problem for a route that does not exist", async () => {
    for (const route of ["/api", "/api/", "/api/nothing", "/api/studies", "/pacs/studies"]) {
      const { status, type, body } = await api.send("get", `${route}?name=x`);
      assert.equal(status, 404, route);
      assert.equal(type, "application/problem+json");
      const problem = problemDetailsSchema.parse(body);
      assert.equal(problem.code, "not-found");
      assert.equal(problem.type, "urn:vigil:problem:not-found");
      assert.equal(problem.instance, route);
    }
  });

  test("names the methods that a route takes when it is asked with another", async () => {
    for (const [method, route, allow] of [
      ["post", "/api/worklist", "GET, HEAD"],
      ["delete", "/api/studies/1.2.3", "GET, HEAD"],
      ["get", "/api/studies/1.2.3/rescore", "POST"],
      ["put", "/api/hooks/orthanc", "POST"],
      ["post", "/", "GET, HEAD"],
      ["delete", "/vigil/extension.js", "GET, HEAD"],
    ] as const) {
      const { status, headers, body } = await api.send(method, route);
      assert.equal(status, 405, route);
      assert.equal(headers.allow, allow);
      assert.equal(body.code, "method-not-allowed");
    }
    const head = await api.send("head", "/api/worklist");
    assert.equal(head.status, 200);
  });

  test("takes no path that cannot be decoded", async () => {
    const { status, body } = await api.send("get", "/api/studies/%E0%A4%A");
    assert.equal(status, 400);
    assert.equal(body.code, "request-invalid");
  });

  test("sends the headers that keep a browser safe, and does not say what it is made of", async () => {
    for (const route of ["/api/health/live", "/api/nothing", "/"]) {
      const { headers } = await api.send("get", route);
      assert.match(headers["content-security-policy"] ?? "", /default-src 'self'; script-src 'self'/);
      assert.match(headers["content-security-policy"] ?? "", /frame-ancestors 'self'/);
      assert.equal(headers["x-content-type-options"], "nosniff");
      assert.equal(headers["referrer-policy"], "no-referrer");
      assert.equal(headers["x-powered-by"], undefined);
    }
  });

  test("logs no search words, and logs a failed request with its code", async () => {
    const { headers } = await api.send("get", "/api/worklist?q=Papadopoulos&limit=0");
    assert.doesNotMatch(api.log, /Papadopoulos/);
    const line = api.log.split("\n").find((one) => one.includes(headers["x-request-id"] ?? "no id"));
    const { method, path, status, code } = JSON.parse(line ?? "{}");
    assert.deepEqual(
      { method, path, status, code },
      { method: "GET", path: "/api/worklist", status: 400, code: "request-invalid" },
    );
  });
});

describe("An error", () => {
  const dir = mkdtempSync(path.join(tmpdir(), "vigil-errors-"));
  const logFile = path.join(dir, "log");
  const logger = createLogger("info", { dest: logFile });
  const failWith: Record<string, () => Error> = {
    foreseen: () => new VigilError("pacs-busy", "the PACS is busy"),
    unforeseen: () =>
      Object.assign(new TypeError("patient Papadopoulos is undefined"), { parameters: ["Papadopoulos"] }),
  };
  const route = defineRoute({
    method: "get",
    path: "/api/fail/:how",
    tag: "test",
    summary: "",
    params: z.object({ how: z.string() }),
    answers: { 200: { description: "" } },
    async handle({ params: { how } }) {
      throw failWith[how]!();
    },
  });
  const app = express().use(requestLog(logger), mountRoutes([route]), problemHandler(logger));
  after(() => rmSync(dir, { recursive: true }));

  test("that is foreseen is told as it is", async () => {
    const { status, body } = await request(app).get("/api/fail/foreseen");
    assert.equal(status, 503);
    assert.deepEqual([body.code, body.detail], ["pacs-busy", "the PACS is busy"]);
  });

  test("that nobody foresaw is told without its words, and can be found in the log", async () => {
    const { status, text, headers } = await request(app).get("/api/fail/unforeseen");
    assert.equal(status, 500);
    assert.doesNotMatch(text, /Papadopoulos|http-errors\.test/);
    const requestId = headers["x-request-id"]!;
    assert.ok(text.includes(requestId));
    const logged = readFileSync(logFile, "utf8")
      .split("\n")
      .find((line) => line.includes(requestId) && line.includes("stack"));
    assert.match(logged ?? "", /TypeError.*http-errors\.test/);
  });

  test("is logged without the values that a database error carries", async () => {
    await request(app).get("/api/fail/unforeseen");
    assert.doesNotMatch(readFileSync(logFile, "utf8"), /parameters/);
  });
});

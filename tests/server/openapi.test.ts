import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { VERSION } from "../../src/version.ts";
import { TestApi } from "../support/api.ts";
import type { OpenApiDocument } from "../support/api-contract.ts";

describe("The OpenAPI document", () => {
  let api: TestApi;
  let document: OpenApiDocument;
  before(async () => {
    api = await TestApi.start();
    ({ document } = api.contract);
  });
  after(() => api.stop());

  const operations = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );

  test("is OpenAPI 3.1 of this version of Vigil", () => {
    assert.match(document.openapi, /^3\.1\.\d+$/);
    const { title, version } = document.info as { title: string; version: string };
    assert.deepEqual([title, version], ["Vigil", VERSION]);
  });

  test("describes every route", () => {
    assert.deepEqual(
      operations()
        .map(({ method, path }) => `${method} ${path}`)
        .sort(),
      [
        "delete /api/studies/{uid}/feedback/{id}",
        "delete /api/studies/{uid}/reading",
        "get /api/events",
        "get /api/feedback",
        "get /api/health/live",
        "get /api/health/ready",
        "get /api/models",
        "get /api/openapi.json",
        "get /api/session",
        "get /api/studies/{uid}",
        "get /api/studies/{uid}/heatmap",
        "get /api/studies/{uid}/preview",
        "get /api/studies/{uid}/series/{series}/instances/{sop}/preview",
        "get /api/worklist",
        "get /api/worklist/counts",
        "post /api/hooks/orthanc",
        "post /api/studies/{uid}/feedback",
        "post /api/studies/{uid}/rescore",
        "put /api/studies/{uid}/reading",
      ],
    );
  });

  test("describes each parameter of a path, a summary and an answer that succeeds", () => {
    for (const { path, operation } of operations()) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const described = operation.parameters.filter((parameter) => parameter.in === "path");
      assert.deepEqual(
        described.map(({ name }) => name),
        inPath,
      );
      assert.ok(operation.summary);
      assert.ok(
        Object.keys(operation.responses).some((status) => status.startsWith("2")),
        path,
      );
    }
  });

  test("describes every error as a problem with a code", () => {
    for (const { path, operation } of operations()) {
      for (const [status, { content, description }] of Object.entries(operation.responses)) {
        assert.ok(description, `${path} ${status}`);
        if (Number(status) < 400 || content?.["application/json"] !== undefined) continue;
        assert.deepEqual(content, { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } });
      }
    }
  });

  test("has schemas that JSON Schema can be checked with, and no reference that leads nowhere", () => {
    const text = JSON.stringify(document);
    const references = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference!));
    assert.ok(references.size > 5);
    for (const reference of references) {
      assert.match(reference, /^#\/components\/schemas\/\w+$/);
      assert.ok(document.components.schemas[reference.split("/").at(-1)!] !== undefined, reference);
    }
    for (const schema of Object.values(document.components.schemas)) {
      assert.equal(api.contract.schema(schema).safeParse(undefined).success, false);
    }
  });
});

import { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponsesObject } from "zod-openapi";
import { triageEventSchema } from "../contract/event.ts";
import { storedFeedbackSchema } from "../contract/feedback.ts";
import { healthCheckSchema } from "../contract/health.ts";
import { heatMapResourceSchema } from "../contract/heat-map.ts";
import { studyResourceSchema } from "../contract/study.ts";
import { worklistItemSchema } from "../contract/worklist.ts";
import { type ErrorCode, VigilError } from "../errors.ts";
import { VERSION } from "../version.ts";
import type { Route } from "./define-route.ts";
import { PROBLEM_JSON, problemDetailsSchema } from "./problem.ts";

/** Shapes that have a name in the document. */
const NAMED_SCHEMAS = {
  HealthCheck: healthCheckSchema,
  HeatMap: heatMapResourceSchema,
  Problem: problemDetailsSchema,
  StoredFeedback: storedFeedbackSchema,
  Study: studyResourceSchema,
  TriageEvent: triageEventSchema,
  WorklistItem: worklistItemSchema,
};
for (const [id, schema] of Object.entries(NAMED_SCHEMAS)) z.globalRegistry.add(schema, { id });

/** The OpenAPI document of these very routes. */
export function openApiDocument(routes: Route[]) {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  return createDocument({
    openapi: "3.1.1",
    info: {
      title: "Vigil",
      version: VERSION,
      description: "AI triage of head CT studies. Research software, not a medical device.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    paths,
  });
}

function operation(route: Route): ZodOpenApiOperationObject {
  const { tag, summary, description, params, query, headers, body } = route;
  return {
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    requestParams: {
      ...(params === undefined ? {} : { path: params }),
      ...(query === undefined ? {} : { query }),
      ...(headers === undefined ? {} : { header: headers }),
    },
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { "application/json": { schema: body } } } }),
    responses: { ...problems(errorsOf(route)), ...answers(route) },
  };
}

function answers(route: Route): ZodOpenApiResponsesObject {
  return Object.fromEntries(
    Object.entries(route.answers).map(([status, { description, schema, contentType = "application/json" }]) => [
      status,
      { description, ...(schema === undefined ? {} : { content: { [contentType]: { schema } } }) },
    ]),
  );
}

function errorsOf({ method, errors = [], body }: Route): ErrorCode[] {
  return [
    "request-invalid",
    "host-refused",
    ...(method === "get" ? [] : (["origin-refused"] as const)),
    ...(body === undefined ? [] : (["body-too-large"] as const)),
    ...errors,
    "database-unavailable",
    "internal",
  ];
}

/** Errors with the same status share an entry that names their codes. */
function problems(codes: ErrorCode[]): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy(
    codes.map((code) => new VigilError(code, "")),
    (error) => String(error.status),
  );
  return Object.fromEntries(
    [...byStatus].map(([status, errors]) => [
      status,
      {
        description: errors.map(({ code, title }) => `${title} (${code})`).join("; "),
        content: { [PROBLEM_JSON]: { schema: problemDetailsSchema } },
      },
    ]),
  );
}

import { z } from "zod";
import { defineRoute, type Route } from "../define-route.ts";
import { openApiDocument } from "../openapi.ts";

const documentSchema = z.looseObject({ openapi: z.string() });

/** The description of the given routes, and of itself. */
export function openApiRoutes(routes: Route[]): Route[] {
  const own = defineRoute({
    method: "get",
    path: "/api/openapi.json",
    tag: "api",
    summary: "This description",
    answers: { 200: { description: "OpenAPI 3.1", schema: documentSchema } },
    handle: async () => ({ status: 200, body: { ...document } }),
  });
  const document = openApiDocument([...routes, own]);
  return [own];
}

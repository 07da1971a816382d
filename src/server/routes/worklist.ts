import { worklistCountsSchema, worklistPageSchema, worklistQuerySchema } from "../../contract/worklist.ts";
import type { Triage } from "../../triage/triage.ts";
import { defineRoute, type Route } from "../define-route.ts";

export function worklistRoutes(triage: Triage): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/api/worklist",
      tag: "studies",
      summary: "The studies, page by page",
      description: "Give `nextCursor` as `cursor`, with the same other parameters, for the next page.",
      query: worklistQuerySchema,
      answers: { 200: { description: "A page", schema: worklistPageSchema } },
      handle: async ({ query }) => ({ status: 200, body: await triage.worklist(query) }),
    }),
    defineRoute({
      method: "get",
      path: "/api/worklist/counts",
      tag: "studies",
      summary: "How many studies stand in each group of the list",
      answers: { 200: { description: "The counts", schema: worklistCountsSchema } },
      handle: async () => ({ status: 200, body: await triage.counts() }),
    }),
  ];
}

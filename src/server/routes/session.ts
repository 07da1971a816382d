import { sessionSchema } from "../../contract/reading.ts";
import { defineRoute, type Route } from "../define-route.ts";

export function sessionRoutes(): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/api/session",
      tag: "reading",
      summary: "Who is signed in, as far as Vigil is told",
      answers: { 200: { description: "The reader", schema: sessionSchema } },
      handle: async ({ login }) => ({ status: 200, body: { reader: login } }),
    }),
  ];
}

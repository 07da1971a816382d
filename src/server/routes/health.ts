import { z } from "zod";
import { healthCheckSchema } from "../../contract/health.ts";
import type { Triage } from "../../triage/triage.ts";
import { VERSION } from "../../version.ts";
import { defineRoute, type Route } from "../define-route.ts";

const liveSchema = z.object({ live: z.boolean(), version: z.string() });
const readySchema = z.object({ ready: z.boolean(), checks: z.array(healthCheckSchema) });

export function healthRoutes(triage: Triage): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/api/health/live",
      tag: "health",
      summary: "Whether the process answers",
      answers: { 200: { description: "It does", schema: liveSchema } },
      handle: async () => ({ status: 200, body: { live: true, version: VERSION } }),
    }),
    defineRoute({
      method: "get",
      path: "/api/health/ready",
      tag: "health",
      summary: "Whether all parts that triage needs work",
      answers: {
        200: { description: "All work", schema: readySchema },
        503: { description: "Some do not", schema: readySchema },
      },
      async handle() {
        const checks = await triage.health();
        const ready = checks.every(({ ok }) => ok);
        return { status: ready ? 200 : 503, body: { ready, checks } };
      },
    }),
  ];
}

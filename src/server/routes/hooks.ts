import { createHash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { uidSchema } from "../../contract/uid.ts";
import { VigilError } from "../../errors.ts";
import type { Triage } from "../../triage/triage.ts";
import { defineRoute, type Route } from "../define-route.ts";

const SECRET_HEADER = "x-vigil-secret";

/** What orthanc/vigil.lua sends. */
const stableStudySchema = z.object({
  event: z.literal("stable-study"),
  studyInstanceUid: uidSchema,
  orthancId: z.string().max(100).optional(),
});

export function hookRoutes(triage: Triage, secret: string | undefined): Route[] {
  return [
    defineRoute({
      method: "post",
      path: "/api/hooks/orthanc",
      tag: "hooks",
      summary: "Orthanc says that a study is complete",
      description: "Closed (404) unless `server.hookSecret` is set.",
      headers: z.object({ [SECRET_HEADER]: z.string() }),
      body: stableStudySchema,
      answers: { 202: { description: "The study is queued" } },
      errors: ["hook-unauthorized", "not-found"],
      guard(request) {
        if (secret === undefined) {
          throw new VigilError("not-found", "the hook is closed: set server.hookSecret (VIGIL_HOOK_SECRET) to open it");
        }
        if (!isSame(request.get(SECRET_HEADER) ?? "", secret)) {
          throw new VigilError("hook-unauthorized", `header ${SECRET_HEADER} must hold server.hookSecret`);
        }
      },
      async handle({ body }) {
        await triage.announce(body.studyInstanceUid);
        return { status: 202 };
      },
    }),
  ];
}

/** Takes the same time whatever differs, so that nobody finds the secret letter by letter. */
function isSame(given: string, secret: string): boolean {
  const [a, b] = [given, secret].map((text) => createHash("sha256").update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(a, b);
}

import { readingClaimSchema, readingSchema } from "../../contract/reading.ts";
import { READING_LASTS_S, READING_REPEATED_S } from "../../contract/reading-times.ts";
import type { Triage } from "../../triage/triage.ts";
import { ChangeLimit } from "../change-limit.ts";
import { defineRoute, type Route } from "../define-route.ts";
import { InvalidRequest } from "../invalid-request.ts";
import { studyParams } from "./study-params.ts";

const contract = {
  path: "/api/studies/:uid/reading",
  tag: "reading",
  params: studyParams,
  body: readingClaimSchema,
  errors: ["not-found", "too-many-requests"],
} as const;

export function readingRoutes(triage: Triage): Route[] {
  const changes = new ChangeLimit();
  return [
    defineRoute({
      ...contract,
      method: "put",
      summary: "I have this study open",
      description: `Ends by itself after ${READING_LASTS_S} s; repeat it every ${READING_REPEATED_S} s.`,
      answers: { 200: { description: "The claim", schema: readingSchema } },
      errors: ["not-found", "too-many-requests"],
      guard: changes.guard,
      handle: async ({ params: { uid }, body, login }) => ({
        status: 200,
        body: await triage.beginReading(uid, nameOf(login, body.reader)),
      }),
    }),
    defineRoute({
      ...contract,
      method: "delete",
      summary: "I have left this study",
      answers: { 204: { description: "Nobody of this name reads it any more" } },
      errors: ["too-many-requests"],
      guard: changes.guard,
      async handle({ params: { uid }, body, login }) {
        await triage.endReading(uid, nameOf(login, body.reader));
        return { status: 204 };
      },
    }),
  ];
}

function nameOf(login: string | null, given: string | undefined): string {
  const reader = login ?? given;
  if (reader === undefined) throw new InvalidRequest([{ in: "body", field: "reader", message: "say who reads" }]);
  return reader;
}

import { z } from "zod";
import {
  feedbackPageSchema,
  feedbackQuerySchema,
  feedbackSchema,
  storedFeedbackSchema,
} from "../../contract/feedback.ts";
import type { Triage } from "../../triage/triage.ts";
import type { ChangeLimit } from "../change-limit.ts";
import { defineRoute, type Route } from "../define-route.ts";
import { studyParams } from "./study-params.ts";

const tag = "reading";

export function feedbackRoutes(triage: Triage, changes: ChangeLimit): Route[] {
  return [
    defineRoute({
      method: "post",
      path: "/api/studies/:uid/feedback",
      tag,
      summary: "What a radiologist says of a finding",
      description:
        "The same answer of the same reader to the same result is kept once. What he said to the contrary before is " +
        "withdrawn by it.",
      params: studyParams,
      body: feedbackSchema,
      answers: {
        200: { description: "It stands already", schema: storedFeedbackSchema },
        201: { description: "It is kept", schema: storedFeedbackSchema },
      },
      errors: ["not-found", "too-many-requests"],
      guard: changes.guard,
      async handle({ params: { uid }, body, login }) {
        const reader = login ?? body.reader;
        const { feedback, isNew } = await triage.addFeedback(uid, { ...body, ...(reader && { reader }) });
        return { status: isNew ? 201 : 200, body: feedback };
      },
    }),
    defineRoute({
      method: "delete",
      path: "/api/studies/:uid/feedback/:id",
      tag,
      summary: "Take an answer back",
      description: "It stays in the history, as withdrawn.",
      params: studyParams.extend({ id: z.string().max(20) }),
      answers: { 200: { description: "The answer", schema: storedFeedbackSchema } },
      errors: ["not-found", "too-many-requests"],
      guard: changes.guard,
      handle: async ({ params: { uid, id } }) => ({ status: 200, body: await triage.takeBackFeedback(uid, id) }),
    }),
    defineRoute({
      method: "get",
      path: "/api/feedback",
      tag,
      summary: "All answers of all studies as labels, page by page",
      description:
        "In the order in which they were given or withdrawn, each with what Vigil had said. Give `nextCursor` as " +
        "`cursor` for the next page. An answer that stands has no `withdrawnAt`.",
      query: feedbackQuerySchema,
      answers: { 200: { description: "A page", schema: feedbackPageSchema } },
      handle: async ({ query }) => ({ status: 200, body: await triage.feedback(query) }),
    }),
  ];
}

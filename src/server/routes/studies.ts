import { z } from "zod";
import { heatMapResourceSchema } from "../../contract/heat-map.ts";
import { labelSchema } from "../../contract/probability.ts";
import { studyResourceSchema } from "../../contract/study.ts";
import { VigilError } from "../../errors.ts";
import type { Triage } from "../../triage/triage.ts";
import { ChangeLimit } from "../change-limit.ts";
import { defineRoute, type Route } from "../define-route.ts";
import { feedbackRoutes } from "./feedback.ts";
import { studyParams } from "./study-params.ts";

const tag = "studies";

export function studyRoutes(triage: Triage): Route[] {
  const changes = new ChangeLimit();
  return [
    defineRoute({
      method: "get",
      path: "/api/studies/:uid",
      tag,
      summary: "Everything about one study",
      params: studyParams,
      answers: { 200: { description: "The study", schema: studyResourceSchema } },
      errors: ["not-found"],
      async handle({ params: { uid } }) {
        const study = await triage.study(uid);
        if (study === undefined) throw new VigilError("not-found", `there is no study ${uid}`);
        return { status: 200, body: study };
      },
    }),
    defineRoute({
      method: "get",
      path: "/api/studies/:uid/heatmap",
      tag,
      summary: "Where the model sees a label",
      params: studyParams,
      query: z.strictObject({ label: labelSchema.default("any") }),
      answers: { 200: { description: "One grid of probabilities per slice", schema: heatMapResourceSchema } },
      errors: ["not-found"],
      async handle({ params: { uid }, query: { label } }) {
        const heatMap = await triage.heatMap(uid, label);
        if (heatMap === undefined) throw new VigilError("not-found", `there is no heat map of study ${uid}`);
        return { status: 200, body: heatMap };
      },
    }),
    defineRoute({
      method: "post",
      path: "/api/studies/:uid/rescore",
      tag,
      summary: "Have the study read and scored again",
      params: studyParams,
      answers: { 202: { description: "It is queued, or was already" } },
      errors: ["not-found", "too-many-requests"],
      guard: changes.guard,
      async handle({ params: { uid } }) {
        await triage.rescore(uid);
        return { status: 202 };
      },
    }),
    ...feedbackRoutes(triage, changes),
  ];
}

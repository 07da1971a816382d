import type { RequestHandler } from "express";
import { z } from "zod";
import { previewImageQuerySchema, previewSchema } from "../../contract/preview.ts";
import { uidSchema } from "../../contract/uid.ts";
import { VigilError } from "../../errors.ts";
import type { Triage } from "../../triage/triage.ts";
import { defineRoute, type Route, readInput } from "../define-route.ts";
import { studyParams } from "./study-params.ts";

const tag = "reading";

const imageInput = {
  params: studyParams.extend({
    series: uidSchema.describe("Series Instance UID"),
    sop: uidSchema.describe("SOP Instance UID"),
  }),
  query: previewImageQuerySchema,
};

export function previewRoutes(triage: Triage): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/api/studies/:uid/preview",
      tag,
      summary: "What there is to see of a study before it is opened",
      params: studyParams,
      answers: { 200: { description: "Key slices, findings, priors, who reads it", schema: previewSchema } },
      errors: ["not-found"],
      async handle({ params: { uid } }) {
        const body = await triage.preview(uid);
        if (body === undefined) throw new VigilError("not-found", `there is no study ${uid}`);
        return { status: 200, body };
      },
    }),
    {
      method: "get",
      path: "/api/studies/:uid/series/:series/instances/:sop/preview",
      tag,
      summary: "A small image of a slice, made of what the PACS holds",
      description: "256 x 256, brain window, black bars where the image is not square. A client keeps it by its ETag.",
      ...imageInput,
      headers: z.object({ "if-none-match": z.string().optional() }),
      answers: {
        200: { description: "The image", schema: z.unknown().describe("a PNG of 8 bits"), contentType: "image/png" },
        304: { description: "It is the one that the client has" },
      },
      errors: [
        "not-found",
        "study-not-in-pacs",
        "instance-not-in-pacs",
        "pixels-unsupported",
        "dicom-unreadable",
        "values-not-hu",
        "pacs-unreachable",
        "pacs-unauthorized",
        "pacs-refused",
        "pacs-answer-invalid",
        "pacs-answer-too-large",
        "pacs-timeout",
        "pacs-busy",
      ],
      handlers: [imageOf(triage)],
    },
  ];
}

function imageOf(triage: Triage): RequestHandler {
  return async (request, response) => {
    const { params, query } = readInput(imageInput, request);
    const slice = { seriesInstanceUid: params.series, sopInstanceUid: params.sop, frameNumber: query.frame ?? null };
    const left = new AbortController();
    response.once("close", () => left.abort());
    const name = { slice, heat: query.heat };
    const image = await triage
      .previewImage(params.uid, name, request.get("if-none-match"), left.signal)
      .catch((error: unknown) => {
        if (left.signal.aborted) return undefined;
        throw error;
      });
    if (image === undefined) return;
    const { etag, png } = image;
    // It shows a patient: only the browser itself may keep it, and asks each time whether it still holds.
    response.set({ etag, "cache-control": "private, no-cache" });
    if (png === undefined) response.status(304).end();
    else response.set({ "content-type": "image/png", "content-length": String(png.length) }).end(png);
  };
}

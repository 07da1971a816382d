import type { ErrorRequestHandler, Request, Response } from "express";
import { z } from "zod";
import { ERROR_CODES, toVigilError, VigilError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { fieldProblemSchema, InvalidRequest } from "./invalid-request.ts";

/** How every error is told (RFC 9457), with the catalogue's code. */
export const problemDetailsSchema = z.object({
  type: z.string().meta({ example: "urn:vigil:problem:not-found" }),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum(ERROR_CODES),
  instance: z.string().describe("the path that was asked for"),
  errors: z.array(fieldProblemSchema).optional().describe("each field that is wrong, for request-invalid"),
});

export const PROBLEM_JSON = "application/problem+json";

/** Express' and the body parser's own errors about a request carry such a status. */
const clientErrorSchema = z.object({ status: z.int().min(400).max(499), message: z.string() });
const PAYLOAD_TOO_LARGE = 413;

/** The last middleware: answers whatever was thrown. What is not the client's fault is logged, with its stack. */
export function problemHandler(logger: Logger): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    const error = asVigilError(thrown);
    if (error.status >= 500) {
      logger.error({ err: error, requestId: response.locals.requestId, code: error.code }, "request failed");
    }
    // The answer is on its way: all that is left is to break off, so that nobody takes it for a whole one.
    if (response.headersSent) response.destroy();
    else sendProblem(request, response, error);
  };
}

export function sendProblem(request: Request, response: Response, error: VigilError): void {
  const { code, title, status } = error;
  response.locals.problem = code;
  // Set for the answer that was meant to be.
  response.removeHeader("content-encoding");
  response.status(status).set("cache-control", "no-store").type(PROBLEM_JSON);
  response.json({
    type: `urn:vigil:problem:${code}`,
    title,
    status,
    // What we did not foresee may say anything, so it stays in the log.
    detail: code === "internal" ? `see the log for request ${response.locals.requestId}` : error.message,
    code,
    instance: request.originalUrl.replace(/\?.*$/s, ""),
    ...(error instanceof InvalidRequest ? { errors: error.fields } : {}),
  } satisfies z.input<typeof problemDetailsSchema>);
}

function asVigilError(thrown: unknown): VigilError {
  const client = clientErrorSchema.safeParse(thrown);
  if (thrown instanceof VigilError || !client.success) return toVigilError(thrown);
  const { status, message } = client.data;
  return new VigilError(status === PAYLOAD_TOO_LARGE ? "body-too-large" : "request-invalid", message, {
    cause: thrown,
  });
}

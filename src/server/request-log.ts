import { randomUUID } from "node:crypto";
import type { RequestHandler } from "express";
import type { Logger } from "../log.ts";

/**
 * One line per request, with its id, which the answer carries too. The query is left out: a QIDO-RS query names
 * patients. Reading that goes well is only logged at level debug; a viewer reads hundreds of images.
 */
export function requestLog(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const requestId = randomUUID();
    const startedAt = performance.now();
    const path = request.originalUrl.replace(/\?.*$/s, "");
    response.locals.requestId = requestId;
    response.set("x-request-id", requestId);
    response.once("close", () => {
      const { statusCode: status, locals } = response;
      const reads = request.method === "GET" || request.method === "HEAD";
      const level = status >= 500 ? "warn" : status >= 400 || !reads ? "info" : "debug";
      const ms = Math.round(performance.now() - startedAt);
      logger[level]({ requestId, method: request.method, path, status, code: locals.problem, ms }, "request");
    });
    next();
  };
}

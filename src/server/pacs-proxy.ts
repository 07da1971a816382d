import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { type Request, type RequestHandler, type Response, Router } from "express";
import { createProxyMiddleware } from "http-proxy-middleware";
import type { PacsConfig } from "../config.ts";
import { VigilError } from "../errors.ts";
import { pacsHeaders } from "../pacs-credentials.ts";
import { methodNotAllowed } from "./mount-routes.ts";
import type { OwnAddress } from "./own-address.ts";
import { isPacsMediaType, PACS_CONTENT_SECURITY_POLICY } from "./pacs-answer.ts";
import { pacsTarget } from "./pacs-target.ts";
import { sendProblem } from "./problem.ts";

/**
 * What goes through; above all no cookies, no credentials of the browser, and no sign-in dialogue of the PACS.
 * `connection` is for us: it decides whether the connection to the browser stays.
 */
const REQUEST_HEADERS = ["accept", "accept-charset", "accept-encoding", "connection", "range"];
const ANSWER_HEADERS = [
  "accept-ranges",
  "content-disposition",
  "content-encoding",
  "content-length",
  "content-range",
  "content-type",
  "retry-after",
  "warning",
];

/**
 * Lets a viewer read the PACS over DICOMweb at `/pacs`, with our credentials. Also at the path that the PACS has
 * itself: its answers name bulk data by it.
 */
export function pacsProxy(pacs: PacsConfig, own: OwnAddress): Router {
  const resource = Router();
  resource.get(/.*/, takeNoBody, prepareRequest(own), forward(pacs));
  resource.options(/.*/, (_request, response) => {
    response.status(204).set("allow", "GET, HEAD, OPTIONS").end();
  });
  resource.all(/.*/, methodNotAllowed(["get", "options"]));
  const router = Router();
  router.use(["/pacs", literalPath(new URL(pacs.dicomweb).pathname)], (request, response, next) => {
    const target = pacsTarget(request.url);
    if (target === undefined) return next();
    request.url = target;
    response.set({ "cache-control": "no-store", "content-security-policy": PACS_CONTENT_SECURITY_POLICY });
    resource(request, response, next);
  });
  return router;
}

/** What is left of `/pacs`. */
export const notInPacs: RequestHandler = () => {
  throw new VigilError(
    "not-found",
    "a PACS, where one is set, is read at /pacs/studies, /pacs/series, /pacs/instances",
  );
};

/** Express would read these characters as a pattern. */
function literalPath(path: string): string {
  return path.replaceAll(/[{}()[\]+?!:*\\]/g, "\\$&");
}

/** Passed on without its length, a body would look like a second request. */
const takeNoBody: RequestHandler = (request, _response, next) => {
  const { "content-length": length = "0", "transfer-encoding": encoding } = request.headers;
  if (length !== "0" || encoding !== undefined) {
    throw new VigilError("request-invalid", "reading the PACS takes no request body");
  }
  next();
};

function prepareRequest(own: OwnAddress): RequestHandler {
  return (request, response, next) => {
    const { host, protocol } = own.origin(request.headers.host ?? "");
    request.headers = only(REQUEST_HEADERS, request.headers);
    // Orthanc builds the addresses in its answers from it. It does not understand the quotes that RFC 7239 wants.
    request.headers.forwarded = `host=${host};proto=${protocol.replace(":", "")}`;
    // JSON shrinks to a fortieth at no cost; compressing pixels takes Orthanc ten times as long as sending them.
    if (!request.headers.accept?.includes("json")) request.headers["accept-encoding"] = "identity";
    // Orthanc does not know HEAD: it is asked by GET, and left once it has answered.
    response.locals.onlyHeaders = request.method === "HEAD";
    request.method = "GET";
    next();
  };
}

function forward(pacs: PacsConfig): RequestHandler {
  const failure = (cause: Error) => {
    if (cause instanceof VigilError) return cause;
    const said = "code" in cause ? cause.code : cause.message;
    return new VigilError("pacs-unreachable", `the PACS ${pacs.name} cannot be reached: ${said}`, { cause });
  };
  return createProxyMiddleware<Request, Response>({
    target: pacs.dicomweb,
    changeOrigin: true,
    // A new connection each time: a kept one may be closed by the PACS just as it is used again (ECONNRESET).
    agent: false,
    headers: pacsHeaders(pacs),
    on: {
      proxyReq(toPacs) {
        toPacs.setTimeout(pacs.timeoutS * 1000, () => {
          toPacs.destroy(new VigilError("pacs-timeout", `the PACS ${pacs.name} was silent for ${pacs.timeoutS} s`));
        });
      },
      proxyRes(fromPacs, request, response) {
        const headers = only(ANSWER_HEADERS, fromPacs.headers);
        fromPacs.headers = { "content-type": "application/octet-stream", ...headers };
        answerInstead(pacs, fromPacs, request, response);
        // What has been answered here is of no more use.
        if (response.headersSent) fromPacs.destroy();
      },
      error(cause, request, response) {
        if ("writableEnded" in response && response.writableEnded) return;
        // In the middle of an answer only a broken connection says that it is not whole.
        if (!("headersSent" in response) || response.headersSent) response.destroy();
        else sendProblem(request, response, failure(cause));
      },
    },
  });
}

/** Answers where what the PACS says is not to be passed on, or not all of it. */
function answerInstead(pacs: PacsConfig, fromPacs: IncomingMessage, request: Request, response: Response): void {
  const { statusCode: status = 502, headers } = fromPacs;
  const isRead = isPacsMediaType(headers["content-type"] ?? "");
  if (status === 401 || status === 403) {
    sendProblem(request, response, new VigilError("pacs-unauthorized", `the PACS ${pacs.name} refuses Vigil`));
  } else if (status < 300 && !isRead) {
    const message = `the PACS ${pacs.name} answered with a media type that is none of DICOMweb's`;
    sendProblem(request, response, new VigilError("pacs-answer-invalid", message));
  } else if (!isRead) {
    // An error page: its status says enough.
    response.status(status).end();
  } else if (response.locals.onlyHeaders) {
    response.status(status).set(headers).end();
  }
}

function only(names: string[], headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => names.includes(name)));
}

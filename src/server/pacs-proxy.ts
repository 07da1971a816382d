import type { IncomingHttpHeaders } from "node:http";
import { type Request, type RequestHandler, type Response, Router } from "express";
import { createProxyMiddleware } from "http-proxy-middleware";
import type { PacsConfig } from "../config.ts";
import { VigilError } from "../errors.ts";
import { pacsHeaders } from "../pacs-credentials.ts";
import { methodNotAllowed } from "./mount-routes.ts";
import { sendProblem } from "./problem.ts";

/** The resources of DICOMweb (PS3.18 10.1). Whatever else the server has, such as Orthanc's `/servers`, stays inside. */
const RESOURCES = /^\/(studies|series|instances)(\/|$)/;

/** What goes through; above all no cookies, no credentials of the browser, and no sign-in dialogue of the PACS. */
const REQUEST_HEADERS = ["accept", "accept-charset", "accept-encoding", "range"];
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
export function pacsProxy(pacs: PacsConfig): Router {
  const resources = Router();
  resources.get(RESOURCES, stayInside, prepareRequest, forward(pacs));
  resources.options(RESOURCES, (_request, response) => {
    response.status(204).set("allow", "GET, HEAD, OPTIONS").end();
  });
  resources.all(RESOURCES, methodNotAllowed(["get", "options"]));
  const router = Router();
  router.use(["/pacs", literalPath(new URL(pacs.dicomweb).pathname)], resources);
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

/** Orthanc resolves `..`: the way up leads to its REST API, which can do anything. */
const stayInside: RequestHandler = (request, _response, next) => {
  if (/(\/|\\|%2f|%5c)(\.|%2e){1,2}(\/|\\|%2f|%5c|$)/i.test(request.path)) {
    throw new VigilError("request-invalid", "a path in the PACS has no . or .. in it");
  }
  // Passed on without its length, a body would look like a second request.
  const { "content-length": length = "0", "transfer-encoding": encoding } = request.headers;
  if (length !== "0" || encoding !== undefined) {
    throw new VigilError("request-invalid", "reading the PACS takes no request body");
  }
  next();
};

const prepareRequest: RequestHandler = (request, response, next) => {
  const forwarded = `host=${request.headers.host};proto=${request.protocol}`;
  request.headers = only(REQUEST_HEADERS, request.headers);
  // Orthanc builds the addresses in its answers from it. It does not understand the quotes that RFC 7239 wants.
  request.headers.forwarded = forwarded;
  // JSON shrinks to a fortieth at no cost; compressing pixels takes Orthanc ten times as long as sending them.
  if (!request.headers.accept?.includes("json")) request.headers["accept-encoding"] = "identity";
  response.set("cache-control", "no-store");
  next();
};

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
    pathRewrite: withPlainCommas,
    on: {
      proxyReq(toPacs) {
        toPacs.setTimeout(pacs.timeoutS * 1000, () => {
          toPacs.destroy(new VigilError("pacs-timeout", `the PACS ${pacs.name} was silent for ${pacs.timeoutS} s`));
        });
      },
      proxyRes(fromPacs, request, response) {
        fromPacs.headers = only(ANSWER_HEADERS, fromPacs.headers);
        if (fromPacs.statusCode !== 401 && fromPacs.statusCode !== 403) return;
        fromPacs.resume();
        sendProblem(request, response, new VigilError("pacs-unauthorized", `the PACS ${pacs.name} refuses Vigil`));
      },
      error(cause, request, response) {
        // In the middle of an answer only a broken connection says that it is not whole.
        if (!("headersSent" in response) || response.headersSent) response.destroy();
        else sendProblem(request, response, failure(cause));
      },
    },
  });
}

function only(names: string[], headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => names.includes(name)));
}

/** Orthanc's DICOMweb plugin 1.7 does not decode the commas of `includefield`, which OHIF encodes. */
function withPlainCommas(url: string): string {
  const [path, query] = url.split(/\?(.*)/s);
  if (query === undefined) return url;
  const parameters = query.split("&").map((one) => (/^includefield=/i.test(one) ? one.replaceAll(/%2C/gi, ",") : one));
  return `${path}?${parameters.join("&")}`;
}

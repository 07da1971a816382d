import type { Request, RequestHandler } from "express";
import { VigilError } from "../errors.ts";
import { InvalidRequest } from "./invalid-request.ts";
import type { OwnAddress } from "./own-address.ts";

const READING = ["GET", "HEAD", "OPTIONS"];

/** Whoever calls a hook shows a secret, which no page of another site has; how it names us does not matter then. */
const HOOKS = "/api/hooks/";

/** Lets through what was sent to this server on purpose, and changes only where no other site's page asks for them. */
export function onlyOwnRequests(own: OwnAddress): RequestHandler {
  return (request, _response, next) => {
    // A target with an authority of its own would speak for another host than the one that is checked (RFC 9112 3.2.2),
    // and what follows # is seen by the next server but not by us.
    if (!/^\/(?!\/)[^#]*$/.test(request.originalUrl)) {
      throw new InvalidRequest([{ in: "path", field: "", message: "begins with one / and has no # in it" }]);
    }
    const { host } = request.headers;
    if (!own.isHost(host) && !request.path.startsWith(HOOKS)) {
      throw new VigilError("host-refused", "call Vigil by localhost, by server.host, or set server.publicUrl");
    }
    if (!READING.includes(request.method) && comesFromElsewhere(own, request)) {
      throw new VigilError("origin-refused", "only Vigil's own pages, and programs, may change something here");
    }
    next();
  };
}

/** Browsers say where a request comes from; other programs do not. */
function comesFromElsewhere(own: OwnAddress, { headers }: Request): boolean {
  const { origin, host } = headers;
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return true;
  return origin !== undefined && !(own.isHost(host) && own.isOrigin(origin, host ?? ""));
}

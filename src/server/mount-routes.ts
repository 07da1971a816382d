import { type RequestHandler, Router } from "express";
import { VigilError } from "../errors.ts";
import type { Route } from "./define-route.ts";

/** Answers the routes, and whatever else is asked of the API with a problem. */
export function mountRoutes(routes: Route[]): Router {
  const router = Router();
  router.use("/api", noStore);
  for (const [path, here] of Map.groupBy(routes, (route) => route.path)) {
    const place = router.route(path);
    for (const { method, handlers } of here) place[method](handlers);
    place.all(methodNotAllowed(here.map(({ method }) => method)));
  }
  router.use("/api", (request) => {
    throw new VigilError("not-found", `there is no route ${request.baseUrl}${request.path}; see /api/openapi.json`);
  });
  return router;
}

/** Answers name patients, and change at any time. */
const noStore: RequestHandler = (_request, response, next) => {
  response.set("cache-control", "no-store");
  next();
};

/** For all but the methods that a place takes; HEAD comes with GET. */
export function methodNotAllowed(methods: string[]): RequestHandler {
  const allowed = methods.flatMap((method) => (method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()])).join(", ");
  return (request, response) => {
    response.set("allow", allowed);
    throw new VigilError("method-not-allowed", `${request.method} is not possible here, only ${allowed}`);
  };
}

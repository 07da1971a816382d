import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { type RequestHandler, Router } from "express";
import { VigilError } from "../errors.ts";
import { inlineScriptHashes } from "./inline-scripts.ts";
import { methodNotAllowed } from "./mount-routes.ts";
import { precompressed } from "./precompressed.ts";
import { contentSecurityPolicy } from "./security-headers.ts";
import { VIEWER_CONFIG_SCRIPT } from "./viewer-config.ts";

export interface ViewerDirs {
  /** The OHIF viewer, see setup/ohif.ts. */
  ohif: string;
  /** Our extension and mode, as ES modules. */
  extension: string;
}

/** Serves OHIF at `/`, and our extension to it at `/vigil/`. */
export function viewer(dirs: ViewerDirs): Router {
  const router = Router();
  router.use(onlyReading);
  router.get("/app-config.js", (_request, response) => {
    response.set("cache-control", "no-cache").type("js").send(VIEWER_CONFIG_SCRIPT);
  });
  router.use("/vigil", precompressed(dirs.extension));
  router.use(precompressed(dirs.ohif));
  router.use(page(dirs.ohif));
  return router;
}

const onlyReading: RequestHandler = (request, response, next) => {
  if (request.method === "GET" || request.method === "HEAD") next();
  else methodNotAllowed(["get"])(request, response, next);
};

/** OHIF finds its way by the address in the browser: every path that is not a file's gets its page. */
function page(dir: string): RequestHandler {
  const serve = precompressed(dir);
  const policy = policyOf(path.join(dir, "index.html"));
  return (request, response, next) => {
    if (path.posix.extname(request.path) !== "") throw new VigilError("not-found", `there is no ${request.path}`);
    if (existsSync(path.join(dir, "index.html"))) {
      request.url = "/index.html";
      response.set("content-security-policy", policy());
      serve(request, response, next);
    } else {
      response.status(503).set("cache-control", "no-store").type("html").send(NOT_INSTALLED_PAGE);
    }
  };
}

/** The policy that lets this page's own scripts run; read anew when another version has been installed. */
function policyOf(file: string): () => string {
  let readAt: number | undefined;
  let policy = "";
  return () => {
    const { mtimeMs } = statSync(file);
    if (mtimeMs !== readAt) {
      policy = contentSecurityPolicy(inlineScriptHashes(readFileSync(file, "utf8")));
      readAt = mtimeMs;
    }
    return policy;
  };
}

const NOT_INSTALLED_PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Vigil</title>
<style>body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem }</style>
<h1>Vigil runs, but its viewer is not installed</h1>
<p>Run <code>npm run setup</code> in Vigil's folder, then reload this page.</p>
<p>Studies are scored and reported without it; the API is described at
<a href="/api/openapi.json">/api/openapi.json</a>.</p>
</html>
`;

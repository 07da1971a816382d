import express, { type Express } from "express";
import type { Config } from "../config.ts";
import { VigilError } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { Triage } from "../triage/triage.ts";
import { login } from "./login.ts";
import { mountRoutes } from "./mount-routes.ts";
import { onlyOwnRequests } from "./only-own-requests.ts";
import { OwnAddress } from "./own-address.ts";
import { notInPacs, pacsProxy } from "./pacs-proxy.ts";
import { problemHandler } from "./problem.ts";
import { requestLog } from "./request-log.ts";
import { eventRoutes } from "./routes/events.ts";
import { healthRoutes } from "./routes/health.ts";
import { hookRoutes } from "./routes/hooks.ts";
import { type ModelList, modelRoutes } from "./routes/models.ts";
import { openApiRoutes } from "./routes/openapi.ts";
import { readingRoutes } from "./routes/reading.ts";
import { sessionRoutes } from "./routes/session.ts";
import { studyRoutes } from "./routes/studies.ts";
import { worklistRoutes } from "./routes/worklist.ts";
import { securityHeaders } from "./security-headers.ts";
import { type ViewerDirs, viewer } from "./viewer.ts";

export interface AppOptions {
  triage: Triage;
  listModels: () => Promise<ModelList>;
  config: Pick<Config, "server" | "pacs">;
  viewerDirs: ViewerDirs;
  logger: Logger;
  /** Ends the event streams, which would keep the server from closing. */
  closing: AbortSignal;
}

/** Everything that Vigil serves, on one origin: the API, the PACS (the first one) and the viewer. */
export function buildApp(options: AppOptions): Express {
  const { config, logger } = options;
  const own = new OwnAddress(config.server);
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.use(requestLog(logger), securityHeaders, onlyOwnRequests(own), login(config.server.readerHeader));
  app.use(mountRoutes(apiRoutes(options)));
  const [pacs] = config.pacs;
  if (pacs !== undefined) app.use(pacsProxy(pacs, own));
  app.use("/pacs", notInPacs);
  if (config.server.viewer) app.use(viewer(options.viewerDirs));
  app.use((request) => {
    throw new VigilError("not-found", `there is no ${request.path}`);
  });
  app.use(problemHandler(logger));
  return app;
}

function apiRoutes({ triage, config, listModels, closing }: AppOptions) {
  const routes = [
    ...healthRoutes(triage),
    ...worklistRoutes(triage),
    ...studyRoutes(triage),
    ...readingRoutes(triage),
    ...sessionRoutes(),
    ...eventRoutes(triage, closing),
    ...hookRoutes(triage, config.server.hookSecret),
    ...modelRoutes(listModels),
  ];
  return [...routes, ...openApiRoutes(routes)];
}

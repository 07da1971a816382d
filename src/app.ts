import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { findModel, listModels } from "./ai/model-package.ts";
import { Scorer } from "./ai/scorer.ts";
import type { Config } from "./config.ts";
import { Pacs } from "./dicomweb/pacs.ts";
import { VigilError } from "./errors.ts";
import { CACHE_DIR, EXTENSION_DIST_DIR, modelRoots } from "./installation.ts";
import type { Logger } from "./log.ts";
import type { ModelRef } from "./result.ts";
import { buildApp } from "./server/app.ts";
import type { ModelList } from "./server/routes/models.ts";
import { ohifDir } from "./setup/ohif.ts";
import { openDatabase } from "./store/database.ts";
import { scoringEngine } from "./triage/scoring-engine.ts";
import { Triage } from "./triage/triage.ts";

export interface VigilOptions {
  config: Config;
  /** api serves, worker watches and scores, all does both. */
  role: "all" | "api" | "worker";
  logger: Logger;
}

/** The line that `vigil serve` prints once it takes work. */
export interface ReadyLine {
  ready: true;
  /** null for a worker, which serves nothing */
  url: string | null;
  pacs: string[];
  provider: string | null;
  model: ModelRef | null;
}

export interface RunningVigil {
  url: string;
  ready: ReadyLine;
  /** Breaks off work so that it can be taken up later, and ends everything that was started. A second call waits for the first. */
  stop(): Promise<void>;
}

/**
 * Wires the parts together and starts them. What was started is stopped again, last first, by stop() or when a
 * later part fails to start.
 * @throws VigilError model-not-found, model-invalid, provider-unavailable, database-unavailable, config-invalid
 */
export async function startVigil({ config, role, logger }: VigilOptions): Promise<RunningVigil> {
  const started = new AsyncDisposableStack();
  try {
    const scorer = role === "api" ? undefined : await startScorer(config, logger);
    if (scorer !== undefined) started.defer(() => scorer.stop());
    const database = await openDatabase(config);
    started.defer(() => database.close());
    const pacs = config.pacs.map((one) => new Pacs(one));
    const engine = scorer && scoringEngine(scorer, config.selection);
    const triage = new Triage({ config, database, pacs, logger, engine, subscribe: role !== "api" });
    started.defer(() => triage.stop());
    let url: string | null = null;
    if (role !== "worker") {
      const closing = new AbortController();
      const app = buildApp({
        triage,
        config,
        logger,
        closing: closing.signal,
        viewerDirs: { ohif: ohifDir(CACHE_DIR), extension: EXTENSION_DIST_DIR },
        listModels: () => modelList(config, scorer),
      });
      const server = createServer(app);
      url = await listen(server, config.server);
      started.defer(() => {
        closing.abort();
        return close(server);
      });
    }
    await triage.start();
    const model = engine?.model ?? null;
    const ready: ReadyLine = {
      ready: true,
      url,
      pacs: config.pacs.map((one) => one.dicomweb),
      provider: engine?.provider ?? null,
      model,
    };
    logger.info({ ...ready, role }, "ready");
    const stop = once(() => started.disposeAsync());
    return { url: url ?? "", ready, stop };
  } catch (error) {
    await started.disposeAsync();
    throw error;
  }
}

async function startScorer(config: Config, logger: Logger): Promise<Scorer> {
  const model = await findModel(config.model, modelRoots(config.data.dir));
  return Scorer.start({ model, inference: config.inference, logger });
}

async function modelList(config: Config, scorer: Scorer | undefined): Promise<ModelList> {
  const active = scorer?.model ?? (await findModel(config.model, modelRoots(config.data.dir)));
  const installed = await listModels(modelRoots(config.data.dir));
  return {
    items: installed.map(({ name, version }) => {
      const isActive = name === active.manifest.name && version === active.manifest.version;
      const provider = isActive ? (scorer?.provider ?? null) : null;
      return { name, version, active: isActive, provider };
    }),
  };
}

function listen(server: Server, { host, port }: Config["server"]): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) =>
      reject(
        new VigilError(
          "config-invalid",
          `cannot listen on ${host}:${port} (${cause.message}): choose another server.port`,
          { cause },
        ),
      ),
    );
    server.listen(port, host, () => {
      const { address, family, port: bound } = server.address() as AddressInfo;
      resolve(`http://${family === "IPv6" ? `[${address}]` : address}:${bound}`);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    // Requests in progress may finish, but not keep the service for long.
    setTimeout(() => server.closeAllConnections(), 2000).unref();
  });
}

function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= action();
    return done;
  };
}

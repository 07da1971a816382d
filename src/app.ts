import { findModel, listModels } from "./ai/model-package.ts";
import type { VolumeScorer } from "./ai/volume-scorer.ts";
import type { Config } from "./config.ts";
import type { TriageEvent } from "./contract/event.ts";
import type { ModelRef } from "./contract/model.ts";
import { Pacs } from "./dicomweb/pacs.ts";
import { EXTENSION_DIST_DIR, modelRoots, OHIF_DIR } from "./installation.ts";
import type { Logger } from "./log.ts";
import { scoringEngine } from "./scoring/engine.ts";
import { type StartedTools, startTools } from "./scoring/start-tools.ts";
import { buildApp } from "./server/app.ts";
import { checkReach, startHttpServer } from "./server/http-server.ts";
import type { ModelList } from "./server/routes/models.ts";
import { openDatabase } from "./store/database.ts";
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
  /** DICOMweb roots */
  pacs: string[];
  provider: string | null;
  model: ModelRef | null;
}

export interface RunningVigil {
  /** "" for a worker */
  url: string;
  ready: ReadyLine;
  /** Has the listener called with everything that happens to a study; returns the end of it. */
  subscribe(listener: (event: TriageEvent) => void): () => void;
  /** Breaks off work so that it can be taken up later, and ends everything that was started. A second call waits for the first. */
  stop(): Promise<void>;
}

/**
 * Wires the parts together and starts them. What was started is stopped again, last first, by stop() or when a
 * later part fails to start.
 * @throws VigilError model-not-found, model-invalid, provider-unavailable, database-unavailable, config-invalid
 */
export async function startVigil({ config, role, logger }: VigilOptions): Promise<RunningVigil> {
  const ends: (() => Promise<void>)[] = [];
  const stop = once(async () => {
    for (const end of ends.reverse()) {
      await end().catch((error) => logger.error({ err: error }, "a part did not stop as it should"));
    }
  });
  try {
    if (role !== "worker") checkReach(config.server, logger);
    const tools = role === "api" ? undefined : await startScoring(config, logger);
    if (tools !== undefined) ends.push(() => tools.stop());
    const database = await openDatabase(config);
    ends.push(() => database.close());
    const pacs = config.pacs.map((one) => new Pacs(one));
    const engine = tools && scoringEngine(tools, config.selection);
    const triage = new Triage({ config, database, pacs, logger, engine, subscribe: role !== "api" });
    ends.push(() => triage.stop());
    let url: string | null = null;
    if (role !== "worker") {
      const closing = new AbortController();
      const app = buildApp({
        triage,
        config,
        logger,
        closing: closing.signal,
        viewerDirs: { ohif: OHIF_DIR, extension: EXTENSION_DIST_DIR },
        listModels: () => modelList(config, tools?.scorer),
      });
      const server = await startHttpServer(app, config.server);
      ends.push(() => {
        closing.abort();
        return server.stop();
      });
      url = server.url;
    }
    await triage.start();
    const ready: ReadyLine = {
      ready: true,
      url,
      pacs: config.pacs.map(({ dicomweb }) => dicomweb),
      provider: engine?.provider ?? null,
      model: engine?.model ?? null,
    };
    logger.info({ ...ready, role }, "ready");
    return { url: url ?? "", ready, subscribe: (listener) => triage.subscribe(listener), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startScoring(config: Config, logger: Logger): Promise<StartedTools> {
  const model = await findModel(config.model, modelRoots(config.data.dir));
  return startTools({ model, inference: config.inference, logger });
}

/** What is installed here, and which of it is in use. */
async function modelList(config: Config, scorer: VolumeScorer | undefined): Promise<ModelList> {
  const roots = modelRoots(config.data.dir);
  const { manifest } = scorer?.model ?? (await findModel(config.model, roots));
  const items = (await listModels(roots)).map(({ name, version }) => {
    const active = name === manifest.name && version === manifest.version;
    return { name, version, active, provider: active ? (scorer?.provider ?? null) : null };
  });
  return { items };
}

function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= action();
    return done;
  };
}

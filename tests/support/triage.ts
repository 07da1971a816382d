import { tmpdir } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { type Config, configSchema, type PacsConfig } from "../../src/config.ts";
import type { StudyResource } from "../../src/contract/study.ts";
import type { StudyState } from "../../src/contract/study-state.ts";
import { Pacs } from "../../src/dicomweb/pacs.ts";
import { createLogger } from "../../src/log.ts";
import type { ScoringEngine } from "../../src/scoring/engine.ts";
import type { Database } from "../../src/store/database.ts";
import { Triage } from "../../src/triage/triage.ts";
import type { DatabaseKind } from "./database.ts";
import { TestPacs } from "./pacs.ts";

const PATIENCE_MS = 30_000;

/** Settings under which everything happens within seconds. */
export function quickConfig(pacs: PacsConfig[], triage: Partial<Config["triage"]> = {}): Config {
  return configSchema.parse({
    pacs,
    data: { dir: tmpdir() },
    triage: { stableS: 1, retryDelayS: 0.2, ...triage },
    log: { level: process.env.VIGIL_LOG_LEVEL ?? "silent" },
  });
}

export interface StartOptions {
  pacs: PacsConfig;
  /** Without it the process does not work. */
  engine?: ScoringEngine;
  subscribe?: boolean;
  settings?: Partial<Config["triage"]>;
}

/** An Orthanc, a database, and as many workflows on them as a test starts; all of it ends with the test. */
export class TriageScene {
  readonly orthanc: TestPacs;
  readonly database: Database;
  readonly #started: Triage[] = [];

  private constructor(orthanc: TestPacs, database: Database) {
    this.orthanc = orthanc;
    this.database = database;
  }

  static async prepare(kind: DatabaseKind): Promise<TriageScene> {
    const [orthanc, database] = await Promise.all([TestPacs.start(), kind.openNew()]);
    return new TriageScene(orthanc, database);
  }

  async start({ pacs, engine, settings, subscribe = true }: StartOptions): Promise<Triage> {
    const config = quickConfig([pacs], settings);
    const logger = createLogger(config.log.level);
    const triage = new Triage({
      config,
      database: this.database,
      pacs: config.pacs.map((one) => new Pacs(one)),
      logger,
      subscribe,
      engine,
    });
    this.#started.push(triage);
    await triage.start();
    return triage;
  }

  async close(): Promise<void> {
    await Promise.all(this.#started.map((triage) => triage.stop()));
    await this.database.close();
    await this.orthanc.close();
  }
}

/** Waits until a study is as it should be, and says what it was instead when it never is. */
export async function until(
  triage: Triage,
  studyInstanceUid: string,
  isSo: (study: StudyResource) => boolean | Promise<boolean>,
): Promise<StudyResource> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const study = await triage.study(studyInstanceUid);
    if (study !== undefined && (await isSo(study))) return study;
    if (Date.now() > deadline) {
      const { state, error, deliveries, events } = study ?? {};
      throw new Error(`gave up waiting: ${JSON.stringify({ state, error, deliveries, events }, null, 2)}`);
    }
    await delay(50);
  }
}

export function untilState(triage: Triage, uid: string, state: StudyState): Promise<StudyResource> {
  return until(triage, uid, (study) => study.state === state);
}

import { tmpdir } from "node:os";
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
import { waitUntil } from "./wait.ts";

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
export function until(
  triage: Triage,
  studyInstanceUid: string,
  isSo: (study: StudyResource) => boolean | Promise<boolean>,
): Promise<StudyResource> {
  let study: StudyResource | undefined;
  const check = async () => {
    study = await triage.study(studyInstanceUid);
    return study !== undefined && (await isSo(study)) && study;
  };
  const seen = () => ({ ...study, slices: study?.slices.length, series: study?.series.length });
  return waitUntil(`study ${studyInstanceUid}`, check, { seen });
}

export function untilState(triage: Triage, uid: string, state: StudyState): Promise<StudyResource> {
  return until(triage, uid, (study) => study.state === state);
}

import type { Config } from "../config.ts";
import type { TriageEvent } from "../contract/event.ts";
import type { Feedback, FeedbackPage, FeedbackQuery, StoredFeedback } from "../contract/feedback.ts";
import type { HealthCheck } from "../contract/health.ts";
import type { HeatMapResource } from "../contract/heat-map.ts";
import type { Label } from "../contract/labels.ts";
import type { Reading } from "../contract/reading.ts";
import type { StudyResource } from "../contract/study.ts";
import type { WorklistCounts, WorklistPage, WorklistQuery } from "../contract/worklist.ts";
import type { Pacs } from "../dicomweb/pacs.ts";
import type { Subscription } from "../dicomweb/subscription.ts";
import type { Logger } from "../log.ts";
import type { ScoringEngine } from "../scoring/engine.ts";
import type { Database } from "../store/database.ts";
import { StudyQueue } from "../store/queue.ts";
import { claimReading, releaseReading, sweepReadings } from "../store/readings.ts";
import { findStudy } from "../store/studies.ts";
import { requestRescore, studiesToDo } from "../store/work.ts";
import { countGroups } from "../store/worklist.ts";
import { announce } from "./announce.ts";
import type { TriageContext } from "./context.ts";
import { addFeedback, feedbackPage, takeBackFeedback } from "./feedback.ts";
import { checkHealth } from "./health.ts";
import { noSuchStudy } from "./no-such-study.ts";
import { Notices } from "./notices.ts";
import { processStudy } from "./process-study.ts";
import { heatMapResource, studyResource } from "./study-resource.ts";
import { watchPacs } from "./watch-pacs.ts";
import { worklistPage } from "./worklist.ts";

export interface TriageOptions {
  config: Config;
  /** Open, and closed by whoever opened it, after stop(). */
  database: Database;
  pacs: Pacs[];
  logger: Logger;
  /** Watch the PACS for new studies. */
  subscribe: boolean;
  /** Scores the studies; without it this process leaves the work to others. */
  engine?: ScoringEngine | undefined;
}

/** How long a claim that has run out may still be in the lists. */
const SWEEP_INTERVAL_MS = 5000;

/**
 * The workflow: finds studies, has them scored, delivers reports, and tells about all of it. Several processes may
 * do so on one PostgreSQL database.
 */
export class Triage {
  readonly #context: TriageContext;
  readonly #engine: ScoringEngine | undefined;
  readonly #subscribe: boolean;
  readonly #notices: Notices;
  readonly #stopping = new AbortController();
  #sweeping: NodeJS.Timeout | undefined;
  #subscriptions: Subscription[] = [];
  #starting: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor({ config, database, pacs, logger, subscribe, engine }: TriageOptions) {
    const queue = new StudyQueue(database, logger);
    this.#context = { config: config.triage, database, queue, pacs, logger };
    this.#engine = engine;
    this.#subscribe = subscribe;
    this.#notices = new Notices(database.db, logger);
  }

  /** Takes up all work that is open. A second call does nothing; start() after stop() needs a new object. */
  start(): Promise<void> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  /** Breaks off what is being done, so that it can be taken up later. A second call does nothing. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  worklist(query: WorklistQuery): Promise<WorklistPage> {
    return worklistPage(this.#context.database.db, query);
  }

  counts(): Promise<WorklistCounts> {
    return countGroups(this.#context.database.db);
  }

  study(uid: string): Promise<StudyResource | undefined> {
    return studyResource(this.#context.database.db, uid);
  }

  heatMap(uid: string, label: Label): Promise<HeatMapResource | undefined> {
    return heatMapResource(this.#context.database.db, uid, label);
  }

  async rescore(uid: string): Promise<void> {
    const { database, queue } = this.#context;
    await this.#starting;
    await database.db.transaction().execute(async (transaction) => {
      const outcome = await requestRescore(transaction, uid);
      if (outcome === "no such study") throw noSuchStudy(uid);
      if (outcome === "requested") await queue.wake(uid, transaction);
    });
  }

  addFeedback(uid: string, feedback: Feedback): Promise<{ feedback: StoredFeedback; isNew: boolean }> {
    return addFeedback(this.#context.database.db, uid, feedback);
  }

  takeBackFeedback(uid: string, id: string): Promise<StoredFeedback> {
    return takeBackFeedback(this.#context.database.db, uid, id);
  }

  feedback(query: FeedbackQuery): Promise<FeedbackPage> {
    return feedbackPage(this.#context.database.db, query);
  }

  async beginReading(uid: string, reader: string): Promise<Reading> {
    const { db } = this.#context.database;
    if ((await findStudy(db, uid)) === undefined) throw noSuchStudy(uid);
    return claimReading(db, uid, reader);
  }

  endReading(uid: string, reader: string): Promise<void> {
    return releaseReading(this.#context.database.db, uid, reader);
  }

  async announce(uid: string): Promise<void> {
    await this.#starting;
    await announce(this.#context, uid, { stable: true }, null);
  }

  subscribe(listener: (event: TriageEvent) => void): () => void {
    return this.#notices.subscribe(listener);
  }

  health(): Promise<HealthCheck[]> {
    return checkHealth(this.#context, this.#engine);
  }

  async #start(): Promise<void> {
    const { config, database, queue, pacs, logger } = this.#context;
    await queue.start();
    await queue.listen((notice) => this.#notices.take(notice));
    this.#sweeping = setInterval(() => {
      sweepReadings(database.db).catch((error) => logger.warn({ err: error }, "claims were not swept"));
    }, SWEEP_INTERVAL_MS);
    const engine = this.#engine;
    if (engine !== undefined) {
      const context = { ...this.#context, engine };
      await queue.work(config.concurrency, (uid, signal) =>
        processStudy(context, uid, AbortSignal.any([signal, this.#stopping.signal])),
      );
    }
    for (const uid of await studiesToDo(database.db)) await queue.wake(uid);
    if (!this.#subscribe) return;
    this.#subscriptions = pacs.flatMap((one) => watchPacs(this.#context, one));
    for (const subscription of this.#subscriptions) subscription.start();
  }

  async #stop(): Promise<void> {
    await this.#starting?.catch(() => {});
    clearInterval(this.#sweeping);
    await Promise.all(this.#subscriptions.map((subscription) => subscription.stop()));
    this.#stopping.abort();
    await this.#context.queue.stop();
    this.#notices.stop();
  }
}

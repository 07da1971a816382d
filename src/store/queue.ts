import { fromKysely, PgBoss } from "pg-boss";
import { z } from "zod";
import { uidSchema } from "../contract/uid.ts";
import type { Logger } from "../log.ts";
import type { Database } from "./database.ts";
import type { Db } from "./schema.ts";
import { STUDY_CHANNEL } from "./study-channel.ts";

const QUEUE = "triage";

/**
 * A worker that died holds its job until its heartbeat is missed; the shortest that pg-boss allows is 10 s, and the
 * event loop may stand still for some of it.
 */
const HEARTBEAT_S = 15;
const SUPERVISE_INTERVAL_S = 5;
/** Only for jobs that start later and for lost notices: jobs that can start are announced by NOTIFY. */
const POLL_INTERVAL_S = 1;
const LONGEST_JOB_S = 4 * 3600;
const STOP_TIMEOUT_MS = 20_000;

const jobSchema = z.object({ studyInstanceUid: uidSchema });
const noticeSchema = z.object({ studyInstanceUid: uidSchema, flagged: z.boolean() });
export type StudyNotice = z.infer<typeof noticeSchema>;

export type JobHandler = (studyInstanceUid: string, signal: AbortSignal) => Promise<void>;

/**
 * The queue of studies that somebody must look at. A job only says "look at this study": what is to be done stands
 * in the study's rows, so a job that runs twice, or once too often, does no harm. There is one waiting job per
 * study at most, and never two running ones, on however many machines.
 */
export class StudyQueue {
  readonly #boss: PgBoss;
  readonly #embedded: boolean;
  readonly #logger: Logger;
  #listening: { close(): Promise<void> } | undefined;

  constructor(database: Database, logger: Logger) {
    this.#embedded = database.embedded;
    this.#logger = logger;
    this.#boss = new PgBoss({
      ...database.queueConnection,
      useListenNotify: true,
      superviseIntervalSeconds: SUPERVISE_INTERVAL_S,
      monitorIntervalSeconds: SUPERVISE_INTERVAL_S,
      schedule: false,
      registerInstance: false,
    });
    this.#boss.on("error", (error) => logger.error({ err: error }, "queue error"));
    this.#boss.on("warning", (warning) => logger.warn({ warning: warning.message }, "queue warning"));
  }

  async start(): Promise<void> {
    await this.#boss.start();
    await this.#boss.createQueue(QUEUE, {
      policy: "singleton",
      notify: true,
      heartbeatSeconds: HEARTBEAT_S,
      expireInSeconds: LONGEST_JOB_S,
      deleteAfterSeconds: 3600,
      // Attempts are counted in the study's row. This is for workers that died and a database that went away.
      retryLimit: 1000,
      retryDelay: 1,
      retryBackoff: true,
      retryDelayMax: 60,
    });
    // Nobody else works on an embedded database, so a job that is still active was left behind by a crash. Its
    // study is found again in the rows.
    if (this.#embedded) await this.#boss.deleteAllJobs(QUEUE);
  }

  /** Runs jobs until stop(), as many at a time as there are workers. */
  async work(workers: number, handler: JobHandler): Promise<void> {
    for (let i = 0; i < workers; i++) await this.#addWorker(handler);
  }

  async #addWorker(handler: JobHandler): Promise<void> {
    const options = { pollingIntervalSeconds: POLL_INTERVAL_S, notifyPollingIntervalSeconds: POLL_INTERVAL_S };
    const id = this.#boss.work<unknown>(QUEUE, options, async (jobs) => {
      for (const job of jobs) await handler(jobSchema.parse(job.data).studyInstanceUid, job.signal);
      // Without this a worker that was quick waits for the next poll, though more jobs may wait.
      this.#boss.notifyWorker(await id);
    });
    await id;
  }

  /** Has the study looked at as soon as possible; a job that waits already is pulled forward. */
  async wake(studyInstanceUid: string, transaction?: Db): Promise<void> {
    const db = transaction === undefined ? {} : { db: queueConnection(transaction) };
    const options = { singletonKey: studyInstanceUid, startAfter: 0, ...db };
    await this.#boss.upsert(QUEUE, { studyInstanceUid }, options);
  }

  /**
   * Has the study looked at again at a later time. Called by its running job: another one that waits by now was
   * made by fresh news, and stays as it is. Announcements take turns with this by the lock on the study's row.
   */
  async wakeLater(studyInstanceUid: string, at: Date, transaction: Db): Promise<void> {
    await transaction
      .selectFrom("studies")
      .select("news")
      .where("studyInstanceUid", "=", studyInstanceUid)
      .forUpdate()
      .execute();
    const db = queueConnection(transaction);
    const waiting = await this.#boss.findJobs(QUEUE, { key: studyInstanceUid, queued: true, limit: 1, db });
    if (waiting.length > 0) return;
    await this.#boss.send(QUEUE, { studyInstanceUid }, { singletonKey: studyInstanceUid, startAfter: at, db });
  }

  /** Calls the listener whenever a study's row has changed, whichever process did it. */
  async listen(listener: (notice: StudyNotice) => void): Promise<void> {
    this.#listening = await this.#boss.getDb().listen?.(
      STUDY_CHANNEL,
      (payload) => {
        const notice = parseNotice(payload);
        if (notice !== undefined) listener(notice);
      },
      () => this.#logger.debug("listening to study notices"),
    );
  }

  /** Waits for running jobs, which should have been told to stop. */
  async stop(): Promise<void> {
    await this.#listening?.close();
    await this.#boss.stop({ graceful: true, timeout: STOP_TIMEOUT_MS });
  }
}

/** undefined for what is none: whoever may use the database may notify on any channel. */
function parseNotice(payload: string): StudyNotice | undefined {
  try {
    return noticeSchema.parse(JSON.parse(payload));
  } catch {
    return undefined;
  }
}

/** The queue has tables and names of its own. */
function queueConnection(transaction: Db) {
  return fromKysely(transaction.withoutPlugins());
}

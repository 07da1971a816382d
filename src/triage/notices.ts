import type { TriageEvent } from "../contract/event.ts";
import type { Logger } from "../log.ts";
import type { StudyNotice } from "../store/queue.ts";
import type { Db } from "../store/schema.ts";
import { countQueue, findListedStudy } from "../store/worklist.ts";
import { worklistItem } from "./worklist.ts";

/** A study changes several times in one step; listeners hear of it once. */
const GATHER_MS = 50;

/** Turns the database's notices of changed studies into events for listeners, in whichever process the change was made. */
export class Notices {
  readonly #db: Db;
  readonly #logger: Logger;
  readonly #listeners = new Set<(event: TriageEvent) => void>();
  /** Study -> whether it has just been flagged. */
  readonly #changed = new Map<string, boolean>();
  #timer: NodeJS.Timeout | undefined;
  #queue = "";

  constructor(db: Db, logger: Logger) {
    this.#db = db;
    this.#logger = logger;
  }

  subscribe(listener: (event: TriageEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  take({ studyInstanceUid, flagged }: StudyNotice): void {
    if (this.#listeners.size === 0) return;
    this.#changed.set(studyInstanceUid, flagged || this.#changed.get(studyInstanceUid) === true);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#publish().catch((error) => this.#logger.warn({ err: error }, "a change was not published"));
    }, GATHER_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  async #publish(): Promise<void> {
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const [uid, flagged] of changed) {
      const row = await findListedStudy(this.#db, uid);
      if (row === undefined) continue;
      const study = worklistItem(row);
      this.#emit({ type: "study-updated", study });
      if (flagged) this.#emit({ type: "flagged", study });
    }
    const queue = await countQueue(this.#db);
    if (JSON.stringify(queue) === this.#queue) return;
    this.#queue = JSON.stringify(queue);
    this.#emit({ type: "queue", ...queue });
  }

  #emit(event: TriageEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#logger.warn({ err: error, type: event.type }, "a listener failed");
      }
    }
  }
}

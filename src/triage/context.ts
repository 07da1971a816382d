import type { Config } from "../config.ts";
import type { Pacs } from "../dicomweb/pacs.ts";
import type { Logger } from "../log.ts";
import type { ScoringEngine } from "../scoring/engine.ts";
import type { Database } from "../store/database.ts";
import type { StudyQueue } from "../store/queue.ts";

/** What the steps of the workflow work with. */
export interface TriageContext {
  config: Config["triage"];
  database: Database;
  queue: StudyQueue;
  pacs: Pacs[];
  logger: Logger;
}

/** The same where studies are scored. */
export interface WorkerContext extends TriageContext {
  engine: ScoringEngine;
}

import { loadConfig } from "../../src/config.ts";
import { Pacs } from "../../src/dicomweb/pacs.ts";
import { createLogger } from "../../src/log.ts";
import { openDatabase } from "../../src/store/database.ts";
import { Triage } from "../../src/triage/triage.ts";
import { startEngine } from "./engine.ts";

/**
 * The workflow as a process of its own, to be killed: `serve-triage.ts CONFIG PAUSE_MS`. Writes each event as a line
 * of JSON to stdout.
 */

const [file, pauseMs] = process.argv.slice(2);
const config = loadConfig({ config: file });
const database = await openDatabase(config);
const engine = await startEngine();
engine.pauseMs = Number(pauseMs);
const pacs = config.pacs.map((one) => new Pacs(one));
const logger = createLogger(config.log.level);
const triage = new Triage({ config, database, pacs, logger, engine, subscribe: true });
triage.subscribe((event) => process.stdout.write(`${JSON.stringify(event)}\n`));
await triage.start();

import { PGlite } from "@electric-sql/pglite";
import { CamelCasePlugin, Kysely, PGliteDialect, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { type ConstructorOptions, fromPglite } from "pg-boss";
import type { Config } from "../config.ts";
import { VigilError } from "../errors.ts";
import { lockData } from "./data-lock.ts";
import { migrate } from "./migrations.ts";
import { closeFiles, databaseDir, makePrivate } from "./private-folder.ts";
import type { Db, Schema } from "./schema.ts";

/** Of a process, for the queue as many again: a worker has few queries at a time, and PostgreSQL takes 100 in all. */
const MAX_CONNECTIONS = 5;

/** An open database, up to date: PostgreSQL, or the embedded one (PGlite, the same SQL in this process). */
export interface Database {
  readonly db: Db;
  /** Embedded: no other process can have it open. */
  readonly embedded: boolean;
  /** How the job queue reaches the same database. */
  readonly queueConnection: ConstructorOptions;
  /** @throws VigilError database-unavailable */
  ping(): Promise<void>;
  /** A second call does nothing. */
  close(): Promise<void>;
}

/**
 * Opens `database.url`, or the embedded database under `data.dir`, and brings it up to date.
 * @throws VigilError database-unavailable, data-not-private
 */
export async function openDatabase(config: Pick<Config, "database" | "data">): Promise<Database> {
  const { url } = config.database;
  return url === undefined ? openEmbedded(config.data.dir) : openPostgres(url);
}

async function openEmbedded(dataDir: string): Promise<Database> {
  const dir = databaseDir(dataDir);
  const ends: (() => Promise<void>)[] = [];
  try {
    makePrivate(dataDir);
    const unlock = await lockData(dataDir);
    ends.unshift(unlock);
    const pglite = await PGlite.create(dir);
    const db = new Kysely<Schema>({ dialect: new PGliteDialect({ pglite }) });
    ends.unshift(() => db.destroy());
    closeFiles(dir);
    return await prepare(db, {
      embedded: true,
      queueConnection: { db: fromPglite(pglite), backend: "pglite" },
      release: async () => {
        closeFiles(dir);
        await unlock();
      },
    });
  } catch (error) {
    for (const end of ends) await end();
    throw unavailable(`the embedded database in ${dir} cannot be opened`, error);
  }
}

async function openPostgres(connectionString: string): Promise<Database> {
  const pool = new pg.Pool({ connectionString, max: MAX_CONNECTIONS });
  // A connection that breaks while idle is replaced; the next query meets a lasting failure by itself.
  pool.on("error", () => {});
  const connect = () =>
    pool.connect().catch((error) => {
      throw unavailable("PostgreSQL cannot be reached; see database.url", error);
    });
  const dialect = new PostgresDialect({ pool: { connect, end: () => pool.end(), options: pool.options } });
  const db = new Kysely<Schema>({ dialect });
  try {
    const queueConnection = { connectionString, max: MAX_CONNECTIONS };
    return await prepare(db, { embedded: false, queueConnection, release: async () => {} });
  } catch (error) {
    await db.destroy();
    throw unavailable("PostgreSQL cannot be used; see database.url", error);
  }
}

async function prepare(
  connection: Db,
  parts: Pick<Database, "embedded" | "queueConnection"> & { release: () => Promise<void> },
): Promise<Database> {
  await migrate(connection);
  const db = connection.withPlugin(new CamelCasePlugin({ maintainNestedObjectKeys: true }));
  let closing: Promise<void> | undefined;
  return {
    db,
    embedded: parts.embedded,
    queueConnection: parts.queueConnection,
    async ping() {
      await sql`select 1`.execute(db).catch((error) => {
        throw unavailable("the database does not answer", error);
      });
    },
    close() {
      closing ??= db.destroy().then(parts.release);
      return closing;
    },
  };
}

function unavailable(what: string, cause: unknown): VigilError {
  if (cause instanceof VigilError) return cause;
  const said = cause instanceof Error ? cause.message : String(cause);
  return new VigilError("database-unavailable", `${what}: ${said}`, { cause });
}

import { execFile, execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chownSync, globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { freePort } from "../../src/setup/ports.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";

const run = promisify(execFile);

/** A kind of database to run the same tests on. */
export interface DatabaseKind {
  name: string;
  /** Opens a database that is empty. */
  openNew(): Promise<Database>;
  /** Ends everything that was started. */
  close(): Promise<void>;
}

/** The embedded one and a PostgreSQL server of our own, which is started by its first use. */
export function databaseKinds(): DatabaseKind[] {
  return [embedded(), postgres()];
}

function embedded(): DatabaseKind {
  const dirs: string[] = [];
  return {
    name: "PGlite",
    async openNew() {
      const dir = mkdtempSync(path.join(tmpdir(), "vigil-pglite-"));
      dirs.push(dir);
      return openDatabase({ data: { dir }, database: {} });
    },
    async close() {
      for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
    },
  };
}

function postgres(): DatabaseKind {
  let starting: Promise<PostgresServer> | undefined;
  return {
    name: "PostgreSQL",
    async openNew() {
      starting ??= PostgresServer.start();
      return openDatabase({ data: { dir: tmpdir() }, database: { url: await (await starting).createDatabase() } });
    },
    async close() {
      await (await starting)?.stop();
    },
  };
}

/** A PostgreSQL server in a temporary folder, on a free port of the loopback address. */
export class PostgresServer {
  readonly #dir: string;
  readonly #port: number;

  private constructor(dir: string, port: number) {
    this.#dir = dir;
    this.#port = port;
  }

  static async start(): Promise<PostgresServer> {
    const dir = mkdtempSync(path.join(tmpdir(), "vigil-postgres-"));
    // PostgreSQL refuses to run as root.
    const user = postgresUser();
    if (user !== undefined) chownSync(dir, user.uid, user.gid);
    const data = path.join(dir, "data");
    const port = await freePort();
    await run(program("initdb"), ["-D", data, "-U", "vigil", "-A", "trust", "--no-sync"], { ...user, cwd: dir });
    const settings = `-p ${port} -k ${dir} -h 127.0.0.1 -F`;
    const log = path.join(dir, "log");
    await run(program("pg_ctl"), ["start", "-w", "-D", data, "-l", log, "-o", settings], { ...user, cwd: dir });
    return new PostgresServer(dir, port);
  }

  /** @returns the URL of a new database */
  async createDatabase(): Promise<string> {
    const server = `postgres://vigil@127.0.0.1:${this.#port}`;
    const name = `test_${randomUUID().replaceAll("-", "")}`;
    const client = new pg.Client({ connectionString: `${server}/postgres` });
    await client.connect();
    await client.query(`create database ${name}`);
    await client.end();
    return `${server}/${name}`;
  }

  async stop(): Promise<void> {
    const args = ["stop", "-D", path.join(this.#dir, "data"), "-m", "immediate"];
    await run(program("pg_ctl"), args, { ...postgresUser(), cwd: this.#dir });
    rmSync(this.#dir, { recursive: true, force: true });
  }
}

function program(name: string): string {
  const found = globSync(`/usr/lib/postgresql/*/bin/${name}`).sort().at(-1);
  if (found === undefined) throw new Error(`PostgreSQL is not installed (${name}): npm test installs it`);
  return found;
}

/** undefined when we are not root and can run PostgreSQL ourselves. */
function postgresUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (option: string) => Number(execFileSync("id", [option, "postgres"]).toString());
  return { uid: id("-u"), gid: id("-g") };
}

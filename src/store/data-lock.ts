import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { VigilError } from "../errors.ts";

/** Longest path of a Unix domain socket that every system takes. */
const SOCKET_PATH_MAX = 100;

/**
 * Keeps a second process off an embedded database, which two would destroy. The lock is a socket that the holder
 * listens on: unlike a file with a process id it is free again as soon as the holder is dead, however it died.
 * @returns gives the lock back
 * @throws VigilError database-unavailable when another process holds it
 */
export async function lockData(dir: string): Promise<() => Promise<void>> {
  const socket = socketPath(path.resolve(dir));
  const server = (await listen(socket)) ?? (await takeOver(socket));
  if (server === undefined) {
    throw new VigilError(
      "database-unavailable",
      `another Vigil uses the embedded database in ${dir}: stop it, set data.dir to another folder, or use PostgreSQL`,
    );
  }
  server.unref();
  return async () => {
    await new Promise((resolve) => server.close(resolve));
  };
}

function socketPath(dir: string): string {
  const inside = path.join(dir, "database.lock");
  if (inside.length <= SOCKET_PATH_MAX) return inside;
  return path.join(tmpdir(), `vigil-${createHash("sha256").update(dir).digest("hex").slice(0, 32)}.lock`);
}

/** undefined when the socket exists. */
function listen(socket: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((connection) => connection.destroy());
    server.once("listening", () => resolve(server));
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(new VigilError("database-unavailable", `${socket} cannot be made: ${error.message}`));
    });
    server.listen(socket);
  });
}

async function takeOver(socket: string): Promise<Server | undefined> {
  const held = await new Promise<boolean>((resolve) => {
    const probe = connect(socket);
    probe.once("connect", () => resolve(true));
    probe.once("error", () => resolve(false));
    probe.once("close", () => probe.destroy());
  });
  if (held) return undefined;
  rmSync(socket, { force: true });
  return listen(socket);
}

import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, rmSync, statSync } from "node:fs";
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
 * @throws VigilError database-unavailable when another process holds it, data-not-private
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
  chmodSync(socket, 0o600);
  return async () => {
    await new Promise((resolve) => server.close(resolve));
  };
}

function socketPath(dir: string): string {
  const inside = path.join(dir, "database.lock");
  if (inside.length <= SOCKET_PATH_MAX) return inside;
  // In a folder of its own, since in the one for all others could listen in our place.
  const name = createHash("sha256").update(dir).digest("hex").slice(0, 32);
  const folder = path.join(tmpdir(), `vigil-${name}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (statSync(folder).uid !== process.getuid?.()) {
    throw new VigilError("data-not-private", `${folder} belongs to another user: set data.dir to a shorter path`);
  }
  return path.join(folder, "lock");
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
    // A socket of another user, which we may not ask, is held for all we know.
    probe.once("error", (error: NodeJS.ErrnoException) =>
      resolve(!["ECONNREFUSED", "ENOENT"].includes(error.code ?? "")),
    );
    probe.once("close", () => probe.destroy());
  });
  if (held) return undefined;
  rmSync(socket, { force: true });
  return listen(socket);
}

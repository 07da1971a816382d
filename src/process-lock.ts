import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, rmSync, statSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { type ErrorCode, VigilError } from "./errors.ts";

/** What to say where another process of this machine holds the lock. */
export interface LockRefusal {
  code: ErrorCode;
  message: string;
}

/**
 * Keeps a second process of this machine off something. The lock is a socket that the holder listens on: unlike a file
 * with a process id it is free again as soon as the holder is dead, however it died.
 * @returns gives the lock back
 * @throws VigilError with the refusal's code
 */
export async function holdLock(socket: string, refusal: LockRefusal): Promise<() => Promise<void>> {
  const server = (await listen(socket, refusal.code)) ?? (await takeOver(socket, refusal.code));
  if (server === undefined) throw new VigilError(refusal.code, refusal.message);
  server.unref();
  chmodSync(socket, 0o600);
  return async () => {
    await new Promise((resolve) => server.close(resolve));
  };
}

/**
 * The socket of a folder's lock, outside of it: in a folder of its own, since in the one for all others could listen in
 * our place.
 * @throws VigilError data-not-private
 */
export function socketOutside(dir: string): string {
  const name = createHash("sha256").update(path.resolve(dir)).digest("hex").slice(0, 32);
  const folder = path.join(tmpdir(), `vigil-${name}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (statSync(folder).uid !== process.getuid?.()) {
    throw new VigilError(
      "data-not-private",
      `${folder}, which locks ${dir}, belongs to another user: use another folder`,
    );
  }
  return path.join(folder, "lock");
}

/** undefined when the socket exists. */
function listen(socket: string, code: ErrorCode): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((connection) => connection.destroy());
    server.once("listening", () => resolve(server));
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(new VigilError(code, `${socket} cannot be made: ${error.message}`));
    });
    server.listen(socket);
  });
}

async function takeOver(socket: string, code: ErrorCode): Promise<Server | undefined> {
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
  return listen(socket, code);
}

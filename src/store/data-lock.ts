import path from "node:path";
import { holdLock, socketOutside } from "../process-lock.ts";

/** Longest path of a Unix domain socket that every system takes. */
const SOCKET_PATH_MAX = 100;

/**
 * Keeps a second process off an embedded database, which two would destroy.
 * @returns gives the lock back
 * @throws VigilError database-unavailable when another process holds it, data-not-private
 */
export function lockData(dir: string): Promise<() => Promise<void>> {
  const inside = path.join(path.resolve(dir), "database.lock");
  const socket = inside.length <= SOCKET_PATH_MAX ? inside : socketOutside(dir);
  const remedy = "stop it, set data.dir to another folder, or use PostgreSQL";
  const message = `another Vigil uses the embedded database in ${dir}: ${remedy}`;
  return holdLock(socket, { code: "database-unavailable", message });
}

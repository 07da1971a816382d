import { chmodSync, lstatSync, mkdirSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { VigilError } from "../errors.ts";

const OWNER_ONLY = 0o700;
const FILE_OF_OWNER = 0o600;
const OTHERS = 0o077;
const WRITABLE_BY_ALL = 0o002;
const STICKY = 0o1000;

/** All that a data folder holds. One with anything else in it has a use beside ours, and keeps its mode. */
const OUR_ENTRIES = new Set([
  "database",
  "database.lock",
  "service.json",
  "models",
  "node",
  "ohif",
  "demo",
  "screenshots",
]);

/** The embedded database's part of the data folder. */
export function databaseDir(dataDir: string): string {
  return path.join(dataDir, "database");
}

/**
 * Makes the folder of the embedded database, which holds names and reports, and keeps other users out of it and of the
 * data folder around it. It is the folder that keeps them out: PGlite makes its files with mode 0666 whatever the umask.
 * @returns whether others could read anything before
 * @throws VigilError data-not-private when others can still get in
 */
export function makePrivate(dataDir: string): boolean {
  const dir = databaseDir(dataDir);
  mkdirSync(dir, { recursive: true, mode: OWNER_ONLY });
  // Windows has no such modes.
  if (process.platform === "win32") return false;
  const wasOpen = isOpen(dir);
  if (readdirSync(dataDir).every((name) => OUR_ENTRIES.has(name))) tighten(dataDir, OWNER_ONLY);
  tighten(dir, OWNER_ONLY);
  closeFiles(dir);
  if (isOpen(dir)) {
    throw new VigilError(
      "data-not-private",
      `other users can read ${dir}, which holds names of patients: chmod 700 it as its owner, or set data.dir to a folder on a disk that knows permissions`,
    );
  }
  const { mode } = statSync(dataDir);
  if ((mode & WRITABLE_BY_ALL) !== 0 && (mode & STICKY) === 0) {
    throw new VigilError("data-not-private", `every user can replace what is in ${dataDir}: chmod 700 it as its owner`);
  }
  return wasOpen;
}

function isOpen(dir: string): boolean {
  return (statSync(dir).mode & OTHERS) !== 0;
}

/** Closes the files inside a private folder as well; one that cannot be changed is out of reach all the same. */
export function closeFiles(dir: string): void {
  for (const entry of readdirSync(dir, { withFileTypes: true, recursive: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isDirectory()) tighten(file, OWNER_ONLY);
    else if (entry.isFile()) tighten(file, FILE_OF_OWNER);
  }
}

/** Leaves alone what is closed already, is not ours or has just gone; whether that matters is checked afterwards. */
function tighten(file: string, mode: number): void {
  try {
    if ((lstatSync(file).mode & OTHERS) !== 0) chmodSync(file, mode);
  } catch {
    return;
  }
}

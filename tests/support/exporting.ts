import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { PROJECT_DIR } from "../../src/installation.ts";
import { type CommandResult, runEntry } from "./command.ts";

/** `vigil export --json`; `result` is what it printed, where it got so far. */
export async function runExport(...args: string[]): Promise<CommandResult & { result: ExportOutput }> {
  const ended = await runEntry("src/cli.ts", ["export", "--json", ...args]);
  return { ...ended, result: ended.stdout === "" ? undefined : JSON.parse(ended.stdout) };
}

// biome-ignore lint/suspicious/noExplicitAny: what a command printed, looked at by assertions only
type ExportOutput = any;

/** Every file of a data set by its name, as a hash; dataset.json without the time at which it was made. */
export function contentsOf(dir: string): Record<string, string> {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const hashes = files.map(({ parentPath, name }): [string, string] => {
    const bytes = readFileSync(path.join(parentPath, name));
    const text = name === "dataset.json" ? bytes.toString().replace(/"(created|name)": "[^"]+"/g, "") : bytes;
    return [path.relative(dir, path.join(parentPath, name)), createHash("sha256").update(text).digest("hex")];
  });
  return Object.fromEntries(hashes.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** How many studies are there whole in a data set that is being written. */
function studiesWritten(dir: string): number {
  const unfinished = path.join(dir, ".unfinished");
  return existsSync(unfinished) ? readdirSync(unfinished).filter((name) => name.endsWith(".study.json")).length : 0;
}

/** Starts an export and sends it a signal when so many studies are written. @returns how it ended */
export async function endedAfter(
  studies: number,
  signal: NodeJS.Signals,
  out: string,
  ...args: string[]
): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, ["src/cli.ts", "export", "--out", out, ...args], {
    cwd: PROJECT_DIR,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  while (studiesWritten(out) < studies && child.exitCode === null) await delay(5);
  child.kill(signal);
  return { code: await ended, stderr };
}

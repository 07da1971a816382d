import { spawn } from "node:child_process";
import { VigilError } from "../errors.ts";

export interface CommandOptions {
  cwd?: string;
  timeoutMs?: number;
}

/**
 * Runs a program to its end. What it writes shows up only when it fails; at a terminal it may ask for a password.
 * @throws VigilError setup-failed with the last lines it wrote
 */
export function runCommand(program: string, args: string[], { cwd, timeoutMs }: CommandOptions = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    // Not spawn's own `timeout`: its timer goes on, and keeps the process, when the program cannot be started.
    const signal = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
    const child = spawn(program, args, { cwd, signal, stdio: ["inherit", "pipe", "pipe"] });
    let said = "";
    const keep = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.once("error", (cause: NodeJS.ErrnoException) => {
      const why = cause.code === "ENOENT" ? `there is no ${program} on this machine` : `${program}: ${cause.message}`;
      reject(new VigilError("setup-failed", why, { cause }));
    });
    child.once("close", (code, signal) => {
      if (code === 0) return resolve();
      const reason = said.trim().split("\n").slice(-3).join(" | ") || (signal ?? `exit code ${code}`);
      reject(new VigilError("setup-failed", `${program} ${args[0] ?? ""} failed: ${reason}`));
    });
  });
}

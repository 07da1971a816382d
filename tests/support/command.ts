import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { PROJECT_DIR } from "../../src/installation.ts";

export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a TypeScript entry point of the project as its own process, with the Node that runs the tests. */
export function runEntry(entry: string, args: string[], env: Record<string, string> = {}): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry, ...args], {
      cwd: PROJECT_DIR,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const result: CommandResult = { code: null, stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => {
      result.stdout += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      result.stderr += chunk.toString();
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ ...result, code }));
  });
}

/** What was on a terminal, without colours; a line that was drawn over stands there in all its forms. */
export interface TerminalResult {
  code: number | null;
  screen: string;
}

/** The same at a terminal of so many columns, where a person would sit (`script`, of every Debian). */
export async function runInTerminal(entry: string, args: string[], columns: number): Promise<TerminalResult> {
  const command = startInTerminal(entry, args, columns);
  return { code: await command.ended, screen: command.screen() };
}

export function startInTerminal(entry: string, args: string[], columns: number) {
  const quoted = [process.execPath, entry, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const line = `stty cols ${columns} rows 40; exec ${quoted}`;
  const child = spawn("script", ["-qec", line, "/dev/null"], { cwd: PROJECT_DIR, stdio: ["pipe", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  return {
    screen: () => stripVTControlCharacters(said.replaceAll("\r\n", "\n").replaceAll("\r", "\n")),
    /** What the person types. */
    type: (keys: string) => child.stdin.write(keys),
    ended: new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    }),
  };
}

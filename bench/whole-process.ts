import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { PROJECT_DIR } from "../src/installation.ts";
import { median } from "./table.ts";

/** What one run of a command cost, seen from outside: from its start to its end, everything included. */
export interface ProcessCost {
  wallS: number;
  /** User and system time of the process and all that it started; null off Linux. */
  cpuS: number | null;
  /** Of the process itself, all of its threads; null off Linux. */
  peakRssMib: number | null;
  exitCode: number;
  stdout: string;
}

/** How often the peak is looked at: it only grows, so that at most what came in the last moment is missed. */
const LOOK_EVERY_MS = 20;

/** The kernel counts processor time in hundredths of a second (USER_HZ). */
const TICKS_PER_SECOND = 100;

/** A script of this project on the Node that runs the benchmark, as the launcher starts it. */
export function runScript(script: string, args: string[]): Promise<ProcessCost> {
  const env = { ...process.env, NODE_COMPILE_CACHE: path.join(PROJECT_DIR, ".vigil", "compile-cache") };
  return runProcess(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", path.join(PROJECT_DIR, script), ...args],
    env,
  );
}

export async function runProcess(program: string, args: string[], env = process.env): Promise<ProcessCost> {
  const cpuBefore = childrenCpuS();
  const startedAt = performance.now();
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const stdout: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.resume();
  let peakRssMib: number | null = null;
  const look = setInterval(() => {
    peakRssMib = peakOf(child.pid) ?? peakRssMib;
  }, LOOK_EVERY_MS);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.once("error", reject).once("close", (code) => resolve(code ?? -1));
  try {
    const exitCode = await promise;
    const wallS = (performance.now() - startedAt) / 1000;
    const cpuAfter = childrenCpuS();
    const cpuS = cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore;
    return { wallS, cpuS, peakRssMib, exitCode, stdout: Buffer.concat(stdout).toString() };
  } finally {
    clearInterval(look);
  }
}

/** Medians of several runs; one before them is not counted. */
export async function repeated(runs: number, run: () => Promise<ProcessCost>): Promise<ProcessCost> {
  await run();
  const all: ProcessCost[] = [];
  for (let i = 0; i < runs; i++) all.push(await run());
  const known = (of: (cost: ProcessCost) => number | null) => all.flatMap((cost) => of(cost) ?? []);
  const cpu = known(({ cpuS }) => cpuS);
  const peaks = known(({ peakRssMib }) => peakRssMib);
  return {
    ...all.at(-1)!,
    wallS: median(all.map(({ wallS }) => wallS)),
    cpuS: cpu.length > 0 ? median(cpu) : null,
    peakRssMib: peaks.length > 0 ? Math.max(...peaks) : null,
  };
}

/** VmHWM (proc(5)); null when the process has ended, or where there is no /proc. */
function peakOf(pid: number | undefined): number | null {
  const kib = /^VmHWM:\s+(\d+) kB/m.exec(readOrNothing(`/proc/${pid}/status`))?.[1];
  return kib === undefined ? null : Number(kib) / 1024;
}

/** cutime and cstime (proc(5)): of all children that have ended and been waited for. */
function childrenCpuS(): number | null {
  const stat = readOrNothing("/proc/self/stat");
  // The second field is the program's name in brackets, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return stat === "" ? null : (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
}

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

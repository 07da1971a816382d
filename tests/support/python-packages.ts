import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { CACHE_DIR } from "../../src/installation.ts";

/** A Python with these packages of PyPI, installed once; null, and a word on stderr, where it cannot be had. */
export function pythonWith(name: string, ...packages: string[]): string | null {
  const dir = path.join(CACHE_DIR, "python", name);
  const python = path.join(dir, "bin", "python3");
  const done = path.join(dir, "installed");
  const run = (program: string, args: string[]) =>
    spawnSync(program, args, { stdio: ["ignore", "ignore", "inherit"] }).status === 0;
  if (existsSync(done)) return python;
  const isInstalled =
    run("python3", ["-m", "venv", dir]) &&
    run(python, ["-m", "pip", "install", "-q", ...packages]) &&
    run("touch", [done]);
  if (!isInstalled) process.stderr.write(`${packages.join(", ")} of PyPI cannot be installed\n`);
  return isInstalled ? python : null;
}

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

/** `npm run check`: formatting and lint, types, and the house rule on file length. Exit code 1 when anything is wrong. */

const root = path.resolve(import.meta.dirname, "..", "..");
const MAX_LINES = 300;

function run(program: string, args: string[]): boolean {
  const file = path.join(root, "node_modules", ".bin", program);
  return spawnSync(file, args, { cwd: root, stdio: "inherit" }).status === 0;
}

function filesAreShort(): boolean {
  const listed = spawnSync("git", ["ls-files", "-co", "--exclude-standard"], { cwd: root, encoding: "utf8" });
  const sources = listed.stdout.split("\n").filter((file) => /\.(ts|tsx|mjs|css|lua)$/.test(file));
  const tooLong = sources
    .map((file) => ({ file, lines: readFileSync(path.join(root, file), "utf8").split("\n").length - 1 }))
    .filter(({ lines }) => lines > MAX_LINES);
  for (const { file, lines } of tooLong) process.stdout.write(`${file}: ${lines} lines, ${MAX_LINES} at most\n`);
  return tooLong.length === 0;
}

const checks: Record<string, () => boolean> = {
  "format and lint": () => run("biome", ["check", "--error-on-warnings", "."]),
  "types of the service": () => run("tsc", ["--noEmit"]),
  "types of the viewer extension": () => run("tsc", ["--noEmit", "-p", "ohif-extension"]),
  "file length": filesAreShort,
};

let failed = false;
for (const [name, check] of Object.entries(checks)) {
  const ok = check();
  process.stdout.write(`${ok ? "ok  " : "FAIL"} ${name}\n`);
  failed ||= !ok;
}
process.exit(failed ? 1 : 0);

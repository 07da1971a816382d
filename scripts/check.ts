import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

/**
 * `npm run check`: formatting and lint, the import table, types, and the house rule on file length. Exit code 1 when
 * anything is wrong.
 */

const root = path.resolve(import.meta.dirname, "..");
const MAX_LINES = 300;

/** Rooms that wire the others together and may import all of them. */
const FREE_ROOMS = ["cli", "demo", "setup"];

function run(program: string, args: string[]): boolean {
  const file = path.join(root, "node_modules", ".bin", program);
  return spawnSync(file, args, { cwd: root, stdio: "inherit" }).status === 0;
}

const biomeSchema = z.object({ overrides: z.array(z.object({ includes: z.array(z.string()) })) });

/** The table itself stands in biome.json, an override for each room: a new room without one would be free. */
function everyRoomIsInTheTable(): boolean {
  const { overrides } = biomeSchema.parse(JSON.parse(readFileSync(path.join(root, "biome.json"), "utf8")));
  const ruled = new Set(overrides.flatMap(({ includes }) => includes));
  const rooms = readdirSync(path.join(root, "src"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const forgotten = rooms.map(({ name }) => name).filter((name) => !ruled.has(`src/${name}/**`));
  for (const name of forgotten) {
    if (!FREE_ROOMS.includes(name)) process.stdout.write(`src/${name} has no row in the import table of biome.json\n`);
  }
  return forgotten.every((name) => FREE_ROOMS.includes(name));
}

function importsHold(): boolean {
  const rules = ["--only=style/noRestrictedImports", "--only=suspicious/noImportCycles"];
  return everyRoomIsInTheTable() && run("biome", ["lint", ...rules, "--error-on-warnings", "."]);
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
  "imports: the table of rooms holds, and there are no cycles": importsHold,
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

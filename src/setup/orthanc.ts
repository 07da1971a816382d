import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { VigilError } from "../errors.ts";
import { freePort } from "./ports.ts";

const TEMPLATE_DIR = path.join(import.meta.dirname, "..", "..", "orthanc");
const PLUGIN_DIRS = ["/usr/share/orthanc/plugins", "/usr/local/share/orthanc/plugins", "/usr/lib/orthanc"];
/** No decoder: Vigil takes pixels as they are stored, and Debian's GDCM plugin brings Orthanc down (docs/operations.md). */
const PLUGIN = "libOrthancDicomWeb.so";
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 15_000;

/** An Orthanc that can be started here, with the DICOMweb plugin: a program, or a container image. */
export type OrthancInstallation = { binary: string; plugins: string[] } | { image: string };

const DOCKER_IMAGE: OrthancInstallation = { image: "jodogne/orthanc-plugins:1.12.9" };

export interface OrthancOptions {
  /** Holds configuration, storage and log; what lies there from an earlier start is kept. */
  dir: string;
  /** 0 or absent = any free one */
  httpPort?: number;
  stableAgeS?: number;
  hook?: { url: string; secret: string };
  installation?: OrthancInstallation;
}

/** A running Orthanc of our own, on the loopback address. */
export interface RunningOrthanc {
  pid: number;
  httpPort: number;
  /** REST root. */
  url: string;
  /** DICOMweb root. */
  dicomweb: string;
  logFile: string;
  /** Resolves when the process has ended by itself or by stop(). */
  exited: Promise<void>;
  /** Ends it and waits; a second call does nothing. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** The same, seconds faster, where what it has stored is not wanted any more. */
  discard(): Promise<void>;
}

/** Finds Orthanc and its DICOMweb plugin; undefined when either is missing. */
export function findOrthancProgram(): OrthancInstallation | undefined {
  const dirs = [...(process.env.PATH ?? "").split(path.delimiter), "/usr/sbin", "/usr/local/sbin", "/usr/local/bin"];
  const binary = dirs.map((dir) => path.join(dir, "Orthanc")).find((file) => existsSync(file));
  const plugin = PLUGIN_DIRS.map((dir) => path.join(dir, PLUGIN)).find((file) => existsSync(file));
  return binary !== undefined && plugin !== undefined ? { binary, plugins: [plugin] } : undefined;
}

/** The container image, where a Docker engine runs on this Linux machine. Its network must be the machine's own. */
export function findOrthancImage(): OrthancInstallation | undefined {
  const engineRuns = () => spawnSync("docker", ["info"], { stdio: "ignore", timeout: 10_000 }).status === 0;
  return process.platform === "linux" && engineRuns() ? DOCKER_IMAGE : undefined;
}

/**
 * Starts an Orthanc of our own, apart from any that runs on the machine already, and waits until it answers.
 * @throws VigilError setup-failed
 */
export async function startOrthanc(options: OrthancOptions): Promise<RunningOrthanc> {
  const installation = options.installation ?? findOrthancProgram() ?? findOrthancImage();
  if (installation === undefined) {
    throw new VigilError("setup-failed", "Orthanc with its DICOMweb plugin is not installed: `npm run setup`");
  }
  mkdirSync(path.join(options.dir, "storage"), { recursive: true });
  const httpPort = options.httpPort || (await freePort());
  const configFile = path.join(options.dir, "orthanc.json");
  writeFileSync(configFile, JSON.stringify(localConfiguration(options, installation, httpPort), null, 2));
  const logFile = path.join(options.dir, "orthanc.log");
  const log = openSync(logFile, "a");
  const hook = { VIGIL_HOOK_URL: options.hook?.url ?? "", VIGIL_HOOK_SECRET: options.hook?.secret ?? "" };
  const [program, args] =
    "binary" in installation
      ? [installation.binary, [configFile]]
      : ["docker", dockerArguments(installation.image, configFile, options.dir, hook)];
  const child = spawn(program, args, {
    cwd: options.dir,
    stdio: ["ignore", log, log],
    env: { ...process.env, ...hook },
    // A group of its own: a Ctrl-C at the terminal is for us, and we end Orthanc in good order.
    detached: true,
  });
  closeSync(log);
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const url = `http://127.0.0.1:${httpPort}`;
  await waitUntilReady(child, `${url}/system`, logFile);
  let stopping: Promise<void> | undefined;
  const stop = (signal: NodeJS.Signals = "SIGTERM") => {
    stopping ??= end(child, exited, signal);
    return stopping;
  };
  return {
    pid: child.pid!,
    httpPort,
    url,
    dicomweb: `${url}/dicom-web`,
    logFile,
    exited,
    stop,
    // A container outlives the client that started it, unless that one can pass the signal on.
    discard: () => stop("binary" in installation ? "SIGKILL" : "SIGTERM"),
  };
}

function localConfiguration(options: OrthancOptions, installation: OrthancInstallation, httpPort: number): unknown {
  const template = JSON.parse(readFileSync(path.join(TEMPLATE_DIR, "orthanc.json"), "utf8"));
  return {
    ...template,
    Name: "Vigil demonstration",
    StorageDirectory: path.join(options.dir, "storage"),
    IndexDirectory: path.join(options.dir, "storage"),
    RemoteAccessAllowed: false,
    HttpPort: httpPort,
    DicomServerEnabled: false,
    StableAge: options.stableAgeS ?? 2,
    ...("plugins" in installation && { Plugins: installation.plugins }),
    LuaScripts: [path.join(TEMPLATE_DIR, "vigil.lua")],
  };
}

/** The container sees the same folders at the same paths and writes as the same user, so nothing else differs. */
function dockerArguments(
  image: string,
  configFile: string,
  dir: string,
  environment: Record<string, string>,
): string[] {
  const user = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  const mounts = [dir, TEMPLATE_DIR].flatMap((folder) => [
    "--volume",
    `${path.resolve(folder)}:${path.resolve(folder)}`,
  ]);
  const variables = Object.keys(environment).flatMap((name) => ["--env", name]);
  return ["run", "--rm", "--init", "--network", "host", "--user", user, ...mounts, ...variables, image, configFile];
}

async function waitUntilReady(child: ChildProcess, url: string, logFile: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    const answer = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
    if (answer?.ok) return;
    await delay(100);
  }
  child.kill("SIGKILL");
  const tail = readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-3).join(" | ");
  throw new VigilError("setup-failed", `Orthanc did not start; its log ${logFile} ends: ${tail}`);
}

async function end(child: ChildProcess, exited: Promise<void>, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  const hard = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(hard);
}

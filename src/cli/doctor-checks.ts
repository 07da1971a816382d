import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import path from "node:path";
import { findModel } from "../ai/model-package.ts";
import { VolumeScorer } from "../ai/volume-scorer.ts";
import type { Config } from "../config.ts";
import { BYTES_PER_MIB, sendRequest, statusError } from "../dicomweb/http.ts";
import { Pacs } from "../dicomweb/pacs.ts";
import { toVigilError, VigilError } from "../errors.ts";
import { EXTENSION_DIST_DIR, modelRoots, OHIF_DIR, PROJECT_DIR } from "../installation.ts";
import { createLogger } from "../log.ts";
import { pacsHeaders } from "../pacs-credentials.ts";
import { checkReach, startHttpServer } from "../server/http-server.ts";
import { openDatabase } from "../store/database.ts";
import { makePrivate } from "../store/private-folder.ts";
import { installedTraining } from "../training/graph/installed.ts";
import { isHeldByAnother } from "./doctor-advice.ts";
import type { ServiceFile } from "./running-service.ts";

/** What was found; throws when it is not as it should be. Advice may come with what is well, too. */
export interface Check {
  name: string;
  examine(): Promise<{ detail: string; advice?: string }>;
}

const MINIMUM_FREE_GIB = 2;
const PATIENCE_MS = 10_000;

/** @param address of a process that does not answer as a service does */
export function checksBeforeStart(config: Config, address: ServiceFile | undefined): Check[] {
  const [node, dataFolder, ...others] = checksAtAnyTime(config) as [Check, Check, ...Check[]];
  return [
    node,
    // Before the database, which closes the folder by itself.
    dataFolder,
    { name: "pacs", examine: () => checkPacs(config) },
    { name: "database", examine: () => checkDatabase(config, address) },
    { name: "model", examine: () => checkModel(config) },
    { name: "address", examine: () => checkAddress(config) },
    ...others,
  ];
}

/** What can be looked at while a service runs. */
export function checksAtAnyTime(config: Config): Check[] {
  return [
    { name: "node", examine: async () => checkNode() },
    { name: "data folder", examine: async () => checkDataFolder(config) },
    { name: "disk", examine: () => checkDisk(config) },
    { name: "viewer", examine: async () => checkViewer(config) },
    { name: "training", examine: async () => checkTraining() },
  ];
}

async function checkPacs(config: Config) {
  if (config.pacs.length === 0) throw new VigilError("config-invalid", "no PACS is set");
  for (const pacs of config.pacs) {
    await new Pacs(pacs).ping(AbortSignal.timeout(PATIENCE_MS));
    if (pacs.orthanc !== undefined) await askOrthanc({ ...pacs, orthanc: pacs.orthanc });
  }
  const answering = config.pacs.flatMap(({ dicomweb, orthanc }) => [
    dicomweb,
    ...(orthanc === undefined ? [] : [orthanc]),
  ]);
  return { detail: answering.map((address) => `${address} answers`).join(", ") };
}

/** The change feed is read from Orthanc's own interface, which may be closed where DICOMweb is open. */
async function askOrthanc(pacs: Config["pacs"][number] & { orthanc: string }): Promise<void> {
  const url = `${pacs.orthanc.replace(/\/$/, "")}/changes?limit=1`;
  const request = {
    method: "GET",
    url,
    headers: pacsHeaders(pacs),
    timeoutMs: PATIENCE_MS,
    maxBytes: BYTES_PER_MIB,
  };
  const refusal = statusError(request, await sendRequest(request));
  if (refusal === undefined) return;
  const code = refusal.code === "study-not-in-pacs" ? "pacs-refused" : refusal.code;
  throw new VigilError(code, `${refusal.message}: is ${pacs.orthanc} the REST root of an Orthanc?`);
}

async function checkDatabase({ data, database: { url } }: Config, address: ServiceFile | undefined) {
  try {
    const database = await openDatabase({ data, database: { url } });
    await database.close();
  } catch (error) {
    if (address === undefined || !isHeldByAnother(toVigilError(error))) throw error;
    const message = `process ${address.pid} has it open and should answer at ${address.url}, but does not`;
    throw new VigilError("database-unavailable", message, { cause: error });
  }
  return { detail: url === undefined ? `embedded, in ${data.dir}` : "PostgreSQL answers" };
}

async function checkModel(config: Config) {
  const model = await findModel(config.model, modelRoots(config.data.dir));
  const scorer = await VolumeScorer.start({ model, inference: config.inference });
  const { provider } = scorer;
  await scorer.stop();
  const { name, version } = model.manifest;
  const isIdle = provider === "cpu" && config.inference.provider === "auto" && existsSync("/dev/nvidia0");
  const advice =
    "this machine has an NVIDIA GPU that is not used: see docs/operations.md, GPU; --provider cuda says why";
  return { detail: `${name} ${version} runs on ${provider}`, ...(isIdle && { advice }) };
}

/** Whether the service could listen where it should. */
async function checkAddress({ server }: Config) {
  checkReach(server, createLogger("silent"));
  const listening = await startHttpServer(() => {}, server);
  await listening.stop();
  return { detail: server.port === 0 ? "any free port" : `${listening.url} is free` };
}

function checkNode() {
  const { engines } = JSON.parse(readFileSync(path.join(PROJECT_DIR, "package.json"), "utf8"));
  const needed = String(engines.node).replace(/^\D*/, "");
  const detail = `Node ${process.versions.node} on ${process.platform}-${process.arch}`;
  if (process.versions.node.localeCompare(needed, "en", { numeric: true }) >= 0) return { detail };
  throw new VigilError("setup-failed", `${detail} is older than ${needed}`);
}

function checkDataFolder({ data, database }: Config) {
  if (database.url !== undefined) return { detail: "holds no patients: they are in PostgreSQL" };
  const wasOpen = makePrivate(data.dir);
  return { detail: wasOpen ? "private now: other users of this machine could read it until this moment" : "private" };
}

async function checkDisk(config: Config) {
  mkdirSync(config.data.dir, { recursive: true, mode: 0o700 });
  const { bavail, bsize } = await statfs(config.data.dir);
  const freeGib = (bavail * bsize) / 2 ** 30;
  if (freeGib < MINIMUM_FREE_GIB) {
    throw new VigilError("setup-failed", `only ${freeGib.toFixed(1)} GiB free in ${config.data.dir}`);
  }
  return { detail: `${freeGib.toFixed(0)} GiB free in ${config.data.dir}` };
}

function checkViewer({ server }: Config) {
  if (!server.viewer) return { detail: "switched off (server.viewer)" };
  const needed = [path.join(OHIF_DIR, "index.html"), path.join(EXTENSION_DIST_DIR, "extension.js")];
  const missing = needed.filter((file) => !existsSync(file));
  if (missing.length > 0) throw new VigilError("setup-failed", `missing: ${missing.join(", ")}`);
  return { detail: `OHIF in ${OHIF_DIR}` };
}

/** Only who trains needs it, so that it is missing is no failure. */
function checkTraining() {
  const installed = installedTraining();
  if (installed === undefined)
    return { detail: "not set up; only training needs it", advice: "npm run setup:training" };
  return { detail: `${installed.tensorflow}, tfjs ${installed.tfjs}` };
}

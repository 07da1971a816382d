import { existsSync, mkdirSync } from "node:fs";
import { statfs } from "node:fs/promises";
import path from "node:path";
import { findModel } from "../ai/model-package.ts";
import { VolumeScorer } from "../ai/volume-scorer.ts";
import { type Config, loadConfig } from "../config.ts";
import { Pacs } from "../dicomweb/pacs.ts";
import { toVigilError } from "../errors.ts";
import { EXTENSION_DIST_DIR, modelRoots, OHIF_DIR } from "../installation.ts";
import { openDatabase } from "../store/database.ts";
import { makePrivate } from "../store/private-folder.ts";
import { installedTraining } from "../training/graph/installed.ts";
import type { GlobalOptions } from "./options.ts";
import { colour, printJson, printLine } from "./print.ts";

interface Finding {
  name: string;
  ok: boolean;
  detail: string;
  /** What to do; "" when all is well. */
  advice: string;
}

const MINIMUM_FREE_GIB = 2;
const NAME_WIDTH = 12;

/** `vigil doctor`: checks what the service needs, one line each, and says what to do. Exit code 1 when something is wrong. */
export async function doctor(options: GlobalOptions): Promise<void> {
  const config = loadConfig(options);
  const findings: Finding[] = [];
  for (const { name, advice, examine } of checks(config)) {
    const finding = await examine().then(
      (detail): Finding => ({ name, ok: true, detail, advice: "" }),
      (error: unknown): Finding => ({ name, ok: false, detail: toVigilError(error).message, advice }),
    );
    findings.push(finding);
    if (!options.json) printFinding(finding);
  }
  const ok = findings.every((finding) => finding.ok);
  if (options.json) printJson({ ok, checks: findings });
  if (!ok) process.exitCode = 1;
}

function printFinding({ name, ok, detail, advice }: Finding): void {
  printLine(`${ok ? colour("green", "✓") : colour("red", "✗")} ${name.padEnd(NAME_WIDTH)} ${detail}`);
  if (!ok && advice !== "") printLine(`  ${" ".repeat(NAME_WIDTH)} → ${advice}`);
}

interface Check {
  name: string;
  advice: string;
  /** What was found; throws when it is not as it should be. */
  examine(): Promise<string>;
}

function checks(config: Config): Check[] {
  return [
    {
      name: "node",
      advice: "run through `npm run vigil`, which fetches a Node that is new enough",
      examine: async () => `Node ${process.versions.node} on ${process.platform}-${process.arch}`,
    },
    {
      name: "pacs",
      advice: "set --pacs URL or VIGIL_PACS, and see that the PACS runs",
      examine: () => checkPacs(config),
    },
    {
      name: "data folder",
      advice: "it holds names of patients: let its owner alone read it, or set --data DIR to another one",
      examine: async () => checkDataFolder(config),
    },
    {
      name: "database",
      advice: "is the service running on the same data folder? One process may open it; else check DATABASE_URL",
      examine: () => checkDatabase(config),
    },
    { name: "model", advice: "see models/ and the `model` setting", examine: () => checkModel(config) },
    { name: "disk", advice: "make room, or set --data DIR to another disk", examine: () => checkDisk(config) },
    { name: "viewer", advice: "npm run setup", examine: checkViewer },
    { name: "training", advice: "npm run setup:training", examine: async () => describeTraining() },
  ];
}

async function checkPacs(config: Config): Promise<string> {
  if (config.pacs.length === 0) throw new Error("no PACS is set");
  for (const pacs of config.pacs) await new Pacs(pacs).ping();
  return config.pacs.map((pacs) => `${pacs.dicomweb} answers`).join(", ");
}

function checkDataFolder({ data, database }: Config): string {
  if (database.url !== undefined) return "holds no patients: they are in PostgreSQL";
  const wasOpen = makePrivate(data.dir);
  return wasOpen ? "private now: other users of this machine could read it until this moment" : "private";
}

async function checkDatabase(config: Config): Promise<string> {
  const database = await openDatabase(config);
  await database.close();
  return config.database.url === undefined ? `embedded, in ${config.data.dir}` : "PostgreSQL answers";
}

async function checkModel(config: Config): Promise<string> {
  const model = await findModel(config.model, modelRoots(config.data.dir));
  const scorer = await VolumeScorer.start({ model, inference: config.inference });
  const { name, version } = model.manifest;
  await scorer.stop();
  return `${name} ${version} runs on ${scorer.provider}`;
}

async function checkDisk(config: Config): Promise<string> {
  mkdirSync(config.data.dir, { recursive: true, mode: 0o700 });
  const { bavail, bsize } = await statfs(config.data.dir);
  const freeGib = (bavail * bsize) / 2 ** 30;
  if (freeGib < MINIMUM_FREE_GIB) throw new Error(`only ${freeGib.toFixed(1)} GiB free in ${config.data.dir}`);
  return `${freeGib.toFixed(0)} GiB free in ${config.data.dir}`;
}

async function checkViewer(): Promise<string> {
  const needed = [path.join(OHIF_DIR, "index.html"), path.join(EXTENSION_DIST_DIR, "extension.js")];
  const missing = needed.filter((file) => !existsSync(file));
  if (missing.length > 0) throw new Error(`missing: ${missing.join(", ")}`);
  return `OHIF in ${OHIF_DIR}`;
}

/** Only who trains needs it, so that it is missing is no failure. */
function describeTraining(): string {
  const installed = installedTraining();
  if (installed === undefined) return "not set up, which only `vigil train` needs: npm run setup:training";
  return `${installed.tensorflow}, tfjs ${installed.tfjs}`;
}

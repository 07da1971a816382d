import { type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { PacsConfig } from "../../src/config.ts";
import { type WorklistItem, worklistPageSchema } from "../../src/contract/worklist.ts";
import { PROJECT_DIR } from "../../src/installation.ts";
import { quickConfig } from "./triage.ts";
import { waitUntil } from "./wait.ts";

const PATIENCE_MS = 60_000;

/** `vigil serve` as a process of its own, which can be killed and started again on the same data. */
export class VigilProcess {
  readonly #dir = mkdtempSync(path.join(tmpdir(), "vigil-process-"));
  readonly #configFile = path.join(this.#dir, "vigil.yaml");
  #child: ChildProcessByStdio<null, Readable, null> | undefined;
  #url = "";

  /** @param databaseUrl PostgreSQL; absent = embedded */
  constructor(pacs: PacsConfig, databaseUrl?: string) {
    const config = quickConfig([pacs]);
    config.database.url = databaseUrl;
    config.data.dir = path.join(this.#dir, "data");
    config.server = { ...config.server, port: 0, viewer: false };
    // YAML is a superset of JSON.
    writeFileSync(this.#configFile, JSON.stringify(config));
  }

  /** Resolves when it takes work. */
  async start(): Promise<void> {
    const args = [path.join(PROJECT_DIR, "src", "cli.ts"), "serve", "--config", this.#configFile];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    this.#child = child;
    const lines = createInterface({ input: child.stdout });
    const ready = new Promise<string>((resolve, reject) => {
      lines.once("line", resolve);
      child.once("exit", (code) => reject(new Error(`vigil serve ended with ${code} before it was ready`)));
    });
    this.#url = JSON.parse(await ready).url;
  }

  get url(): string {
    return this.#url;
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await exited;
  }

  async worklist(): Promise<WorklistItem[]> {
    const answer = await fetch(`${this.#url}/api/worklist`);
    return worklistPageSchema.parse(await answer.json()).items;
  }

  /** Waits until the work list is as it should be. */
  async until(isSo: (studies: WorklistItem[]) => boolean): Promise<void> {
    let studies: WorklistItem[] = [];
    const check = async () => {
      studies = await this.worklist();
      return isSo(studies);
    };
    await waitUntil("the work list to be as it should", check, { timeoutMs: PATIENCE_MS, seen: () => studies });
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}

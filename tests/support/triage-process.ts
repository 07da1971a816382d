import { type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { PacsConfig } from "../../src/config.ts";
import { triageEventSchema, type WorklistItem } from "../../src/triage/resources.ts";
import { quickConfig } from "./triage.ts";

const PATIENCE_MS = 60_000;

/** The workflow in a process of its own, which can be killed and started again on the same data. */
export class TriageProcess {
  readonly #dir = mkdtempSync(path.join(tmpdir(), "vigil-process-"));
  readonly #configFile = path.join(this.#dir, "vigil.yaml");
  #child: ChildProcessByStdio<null, Readable, null> | undefined;
  #studies = new Map<string, WorklistItem>();

  constructor(pacs: PacsConfig) {
    const config = quickConfig([pacs]);
    // YAML is a superset of JSON.
    writeFileSync(this.#configFile, JSON.stringify({ ...config, data: { dir: path.join(this.#dir, "data") } }));
  }

  /** @param pauseMs how much longer than needed each scoring takes */
  start(pauseMs = 0): void {
    this.#studies = new Map();
    const script = path.join(import.meta.dirname, "serve-triage.ts");
    const args = [script, this.#configFile, String(pauseMs)];
    this.#child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      const event = triageEventSchema.parse(JSON.parse(line));
      if (event.type === "study-updated") this.#studies.set(event.study.studyInstanceUid, event.study);
    });
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await exited;
  }

  /** Waits until the process has told of studies that are as they should be. */
  async until(isSo: (studies: WorklistItem[]) => boolean): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!isSo([...this.#studies.values()])) {
      if (this.#child?.exitCode != null) throw new Error(`the process ended with ${this.#child.exitCode}`);
      if (Date.now() > deadline) throw new Error(`gave up waiting: ${JSON.stringify([...this.#studies.values()])}`);
      await delay(50);
    }
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}

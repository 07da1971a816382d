import { readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import { PROJECT_DIR } from "../src/installation.ts";
import { VERSION } from "../src/version.ts";

/** Where and with what the figures were measured. */
export function machine() {
  return {
    at: new Date().toISOString(),
    processor: os.cpus()[0]?.model.trim() ?? "unknown",
    cores: os.availableParallelism(),
    memoryGib: Math.round(os.totalmem() / 1024 ** 3),
    /** Of the last minute, before the benchmark: with more than a few tenths, wall times mean little. */
    loadBefore: Number(os.loadavg()[0]!.toFixed(2)),
    system: `${os.type()} ${os.release()}`,
    node: process.version,
    vigil: VERSION,
    libraries: Object.fromEntries(["onnxruntime-node", "dcmjs", "dcmjs-codecs"].map((name) => [name, versionOf(name)])),
  };
}

function versionOf(name: string): string {
  const file = path.join(PROJECT_DIR, "node_modules", name, "package.json");
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, "utf8"))).version;
}

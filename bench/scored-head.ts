import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { type ProcessCost, repeated, runScript } from "./whole-process.ts";

/** What the benchmarks of `vigil score` show of a run. */
export interface ScoredHead extends Omit<ProcessCost, "stdout"> {
  what: string;
  runs: number;
  outcome: string;
}

const answerSchema = z.object({
  studies: z.array(z.object({ state: z.string(), reason: z.string().nullable(), flag: z.string() })),
});

/** Writes a study to a temporary folder, scores it so many times (and once before), and removes it. */
export async function scoredHead(what: string, runs: number, write: (folder: string) => void): Promise<ScoredHead> {
  const folder = mkdtempSync(path.join(tmpdir(), "vigil-bench-"));
  try {
    write(folder);
    const { stdout, ...cost } = await repeated(runs, () => runScript("src/cli.ts", ["score", folder, "--json"]));
    return { what, runs, outcome: outcomeOf(stdout), ...cost };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function outcomeOf(stdout: string): string {
  if (stdout === "") return "no answer";
  const { studies } = answerSchema.parse(JSON.parse(stdout));
  return studies.map(({ state, reason, flag }) => reason ?? (state === "scored" ? flag : state)).join(", ");
}

export function rowOf({ what, runs, wallS, cpuS, peakRssMib, outcome }: ScoredHead) {
  return {
    "": what,
    runs,
    "wall s": wallS.toFixed(2),
    "CPU s": cpuS?.toFixed(2) ?? "?",
    "peak RSS MiB": peakRssMib?.toFixed(0) ?? "?",
    outcome,
  };
}
